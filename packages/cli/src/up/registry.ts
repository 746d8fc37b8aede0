import { stringify } from 'yaml'
import { SYSTEM_NAMESPACE, TELEMETRY_LABELS, type Plan, type PlannedWorkload } from './plan.ts'

/** The WorkloadEntry by which pilot knows a replica (Istio `networking.istio.io/v1`); `ready` is whether its application answers. */
export function workloadEntry(workload: PlannedWorkload, ready: boolean): string {
  const labels = { ...workload.labels, ...(workload.meshTls ? { 'security.istio.io/tlsMode': 'istio' } : {}) }
  return toYaml({
    apiVersion: 'networking.istio.io/v1',
    kind: 'WorkloadEntry',
    metadata: { name: workload.name, namespace: workload.namespace, labels, annotations: annotationsOf(workload, ready) },
    spec: {
      address: workload.address,
      labels,
      serviceAccount: workload.serviceAccount,
      ...(Object.keys(workload.ports).length === 0 ? {} : { ports: workload.ports }),
    },
  })
}

/** The WorkloadEntry of the span collector. */
export function telemetryEntry(telemetry: NonNullable<Plan['telemetry']>): string {
  const { address, ports } = telemetry
  return toYaml({
    apiVersion: 'networking.istio.io/v1',
    kind: 'WorkloadEntry',
    metadata: {
      name: 'telemetry-0',
      namespace: SYSTEM_NAMESPACE,
      labels: TELEMETRY_LABELS,
      annotations: { 'mesh.io/workload': 'telemetry' },
    },
    spec: { address, labels: TELEMETRY_LABELS, serviceAccount: 'istio-telemetry', ...(Object.keys(ports).length === 0 ? {} : { ports }) },
  })
}

function annotationsOf(workload: PlannedWorkload, ready: boolean): Record<string, string> {
  const { app } = workload
  return {
    'mesh.io/workload': workload.workload,
    // So that pilot knows which replicas have a proxy to wait for, with and without mTLS.
    ...(workload.kind === 'gateway' || workload.proxy !== null ? { 'mesh.io/proxy': workload.kind } : {}),
    ...(workload.bindAddress === null ? {} : { 'mesh.io/bind-address': workload.bindAddress }),
    ...(workload.kind !== 'sidecar' || app === null || app.listen === null || app.servicePort === null
      ? {}
      : { 'mesh.io/app-ports': JSON.stringify({ [app.servicePort]: app.listen.port }) }),
    ...(ready ? {} : { 'mesh.io/unready': 'true' }),
  }
}

/** Without anchors and aliases, which many readers do not expect. */
function toYaml(value: unknown): string {
  return stringify(value, { aliasDuplicateObjects: false })
}
