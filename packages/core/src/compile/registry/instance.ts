import type { WorkloadRef } from '../../view/workload.ts'
import type { WorkloadBody, WorkloadEntry } from '../bodies.ts'

type Labels = Readonly<Record<string, string>>

/** One workload instance that may stand behind services. */
export interface Instance {
  readonly name: string
  readonly namespace: string
  /** IP literal; of a DNS service also a name. */
  readonly address: string
  readonly labels: Labels
  readonly annotations: Labels
  readonly serviceAccount: string
  /** The owning workload: `reviews-v1`; empty of an address that only a ServiceEntry lists. */
  readonly workload: string
  /** Where it listens, by the name of the service port. */
  readonly ports: Readonly<Record<string, number>>
  readonly weight: number
  readonly ready: boolean
  /** Whether it takes mesh mTLS (label `security.istio.io/tlsMode`). */
  readonly meshTls: boolean
}

/** What a WorkloadEntry registers; undefined without an address. */
export function instanceOfEntry(entry: WorkloadEntry): Instance | undefined {
  const { meta, body } = entry
  const labels = { ...meta.labels, ...body.labels }
  const workload = meta.annotations['mesh.io/workload'] ?? meta.name
  return instance({ ...body, labels }, { name: meta.name, namespace: meta.namespace, workload, annotations: meta.annotations })
}

/** What a ServiceEntry lists inline. */
export function instanceOfEndpoint(body: WorkloadBody, namespace: string, name: string): Instance | undefined {
  return instance(body, { name, namespace, workload: '', annotations: {} })
}

/** How peers and telemetry name an instance. */
export function workloadRef(instance: Pick<Instance, 'workload' | 'namespace' | 'labels'>, cluster: string): WorkloadRef {
  const { workload, namespace, labels } = instance
  const first = (...keys: readonly string[]): string | undefined => keys.map((key) => labels[key]).find((value) => value !== undefined)
  return {
    workload,
    namespace,
    app: first('service.istio.io/canonical-name', 'app.kubernetes.io/name', 'app') ?? workload,
    version: first('service.istio.io/canonical-revision', 'app.kubernetes.io/version', 'version') ?? 'latest',
    cluster,
  }
}

function instance(body: WorkloadBody, who: Pick<Instance, 'name' | 'namespace' | 'workload' | 'annotations'>): Instance | undefined {
  if (body.address === undefined || body.address === '') return undefined
  const labels = body.labels ?? {}
  return {
    ...who,
    address: body.address,
    labels,
    serviceAccount: body.serviceAccount ?? '',
    ports: body.ports ?? {},
    weight: body.weight ?? 1,
    ready: who.annotations['mesh.io/unready'] !== 'true',
    meshTls: labels['security.istio.io/tlsMode'] === 'istio',
  }
}
