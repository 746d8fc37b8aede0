import { inboundMode } from '../../compile/inbound/mtls.ts'
import type { Instance } from '../../compile/registry/instance.ts'
import { instancesOf } from '../../compile/registry/registry.ts'
import { targetPort } from '../../compile/registry/service.ts'
import { selects } from '../../compile/selector.ts'
import type { ClientTls } from '../../config/kinds/client-tls.ts'
import type { ObjectOf } from '../../config/kinds.ts'
import type { TrafficPolicy } from '../../config/kinds/traffic-policy.ts'
import { originName, originPlace, type Origin } from '../../config/origin.ts'
import { objectsOf } from '../objects-of.ts'
import { knowsWorkloads, servicesAt, type Analysis } from './analysis.ts'

type DestinationRule = ObjectOf<'DestinationRule'>
type Path = readonly (string | number)[]

/** DestinationRules whose TLS the workloads behind their host refuse: plain text where mTLS is a must, or mTLS where there is none. */
export function tlsThatIsRefused(analysis: Analysis): void {
  if (!knowsWorkloads(analysis)) return
  for (const rule of objectsOf(analysis.snapshot, 'DestinationRule')) {
    for (const setting of settingsOf(rule)) {
      const refused = refusalOf(analysis, rule, setting)
      if (refused !== undefined) analysis.report('MESH0204', rule, setting.path, refused.message, refused.fix)
    }
  }
}

/** One place where a rule says how TLS is spoken, and for which ports and workloads. */
interface TlsSetting {
  readonly tls: ClientTls
  readonly path: Path
  readonly isFor: (port: number) => boolean
  readonly labels: Readonly<Record<string, string>>
}

function settingsOf({ body }: DestinationRule): readonly TlsSetting[] {
  const subsets = (body.subsets ?? []).flatMap(({ labels = {}, trafficPolicy }, index) =>
    settingsIn(trafficPolicy, ['spec', 'subsets', index, 'trafficPolicy'], labels),
  )
  return [...settingsIn(body.trafficPolicy, ['spec', 'trafficPolicy'], {}), ...subsets]
}

/** What is said for one port replaces what is said for all. */
function settingsIn(policy: TrafficPolicy | undefined, path: Path, labels: TlsSetting['labels']): readonly TlsSetting[] {
  const ports = policy?.portLevelSettings ?? []
  const own = new Set(ports.map((one) => one.port?.number))
  const single = ports.flatMap(({ tls, port }, index) =>
    tls === undefined
      ? []
      : [{ tls, path: [...path, 'portLevelSettings', index, 'tls'], isFor: (number: number) => number === port?.number, labels }],
  )
  if (policy?.tls === undefined) return single
  return [{ tls: policy.tls, path: [...path, 'tls'], isFor: (number) => !own.has(number), labels }, ...single]
}

interface Refusal {
  readonly message: string
  readonly fix: string
}

function refusalOf(analysis: Analysis, rule: DestinationRule, { tls, isFor, labels }: TlsSetting): Refusal | undefined {
  const { registry } = analysis
  for (const service of servicesAt(analysis, rule.body.host, rule.meta.namespace)) {
    if (service.resolution !== 'endpoints' || service.external) continue
    const instances = instancesOf(registry, service).filter((one) => selects(labels, one.labels))
    for (const port of service.ports.filter(({ number }) => isFor(number))) {
      for (const instance of instances) {
        const refused = judge(tls, instance, inboundMode(registry, instance, targetPort(port, instance)))
        if (refused !== undefined) return refused
      }
    }
  }
  return undefined
}

function judge(
  tls: ClientTls,
  { name, meshTls }: Instance,
  { mode, origin }: { readonly mode: string; readonly origin?: Origin },
): Refusal | undefined {
  const said = tls.mode ?? 'DISABLE'
  const by = origin === undefined ? '' : ` (${originName(origin)}, ${originPlace(origin)})`
  if (said !== 'ISTIO_MUTUAL' && meshTls && mode === 'STRICT') {
    return {
      message: `"${name}" takes mTLS of the mesh alone${by}; calls by this rule fail.`,
      fix: 'Write `mode: ISTIO_MUTUAL`, or leave `tls` out.',
    }
  }
  if (said === 'ISTIO_MUTUAL' && (!meshTls || mode === 'DISABLE')) {
    return { message: `"${name}" takes no mTLS${by}; calls by this rule fail.`, fix: 'Write `mode: DISABLE`, or leave `tls` out.' }
  }
  return undefined
}
