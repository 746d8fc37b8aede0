import { fieldOrigin } from '../../config/object.ts'
import type { Origin } from '../../config/origin.ts'
import { objectsOf } from '../../snapshot/objects-of.ts'
import type { PeerAuthentication } from '../bodies.ts'
import { byAge } from '../order.ts'
import type { Instance } from '../registry/instance.ts'
import type { Registry } from '../registry/registry.ts'
import { isEmpty, selects } from '../selector.ts'

export type MtlsMode = 'DISABLE' | 'PERMISSIVE' | 'STRICT'

/** How a port of a workload takes connections, and which policy says so. */
export interface InboundMode {
  readonly mode: MtlsMode
  readonly origin?: Origin
}

type Who = Pick<Instance, 'namespace' | 'labels'>

/** Istio's precedence: the port, the workload, the namespace, the mesh; the oldest of several; PERMISSIVE when nobody says. */
export function inboundMode(registry: Registry, who: Who, port: number): InboundMode {
  const closed = registry.snapshot.quarantined.find(
    (one) =>
      one.kind === 'PeerAuthentication' &&
      (one.namespace === who.namespace || (one.namespace === registry.settings.rootNamespace && isEmpty(one.selector))) &&
      selects(one.selector ?? {}, who.labels),
  )
  if (closed !== undefined) return { mode: 'STRICT', origin: closed.origin }
  for (const { policy, ports } of levels(registry, who)) {
    const ofPort = ports ? said(policy.body.portLevelMtls?.[String(port)]?.mode) : undefined
    if (ofPort !== undefined) return { mode: ofPort, origin: fieldOrigin(policy, ['spec', 'portLevelMtls', String(port)]) }
    const mode = said(policy.body.mtls?.mode)
    if (mode !== undefined) return { mode, origin: fieldOrigin(policy, ['spec', 'mtls']) }
  }
  return { mode: 'PERMISSIVE' }
}

interface Level {
  readonly policy: PeerAuthentication
  /** Whether its settings for single ports count. */
  readonly ports: boolean
}

function levels(registry: Registry, who: Who): readonly Level[] {
  const all = policiesOf(registry)
  const selector = (one: PeerAuthentication): Readonly<Record<string, string>> | undefined => one.body.selector?.matchLabels
  const own = all.filter((one) => one.meta.namespace === who.namespace)
  const workload = own.find((one) => !isEmpty(selector(one)) && selects(selector(one) ?? {}, who.labels))
  const namespace = own.find((one) => isEmpty(selector(one)))
  const mesh = all.find((one) => one.meta.namespace === registry.settings.rootNamespace && isEmpty(selector(one)))
  return [
    ...(workload === undefined ? [] : [{ policy: workload, ports: true }]),
    ...[namespace, mesh].filter((policy) => policy !== undefined).map((policy) => ({ policy, ports: false })),
  ]
}

function said(mode: string | undefined): MtlsMode | undefined {
  return mode === 'DISABLE' || mode === 'PERMISSIVE' || mode === 'STRICT' ? mode : undefined
}

const SORTED = new WeakMap<Registry, readonly PeerAuthentication[]>()

function policiesOf(registry: Registry): readonly PeerAuthentication[] {
  const known = SORTED.get(registry)
  if (known !== undefined) return known
  const made = [...objectsOf(registry.snapshot, 'PeerAuthentication')].sort(byAge)
  SORTED.set(registry, made)
  return made
}
