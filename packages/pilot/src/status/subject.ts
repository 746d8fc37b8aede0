import type { GoneRecord, Ledger, ObjectRecord } from './ledger.ts'
import type { AskedSubject } from './question.ts'

/** MeshConfig holds for all proxies. */
const MESH_CONFIG = 'ConfigMap/istio-system/istio'

/** An object in force as a question to proxies. */
export function subjectOf(key: string, { traces, since, changed }: ObjectRecord): AskedSubject {
  return { traces, since, everyone: key === MESH_CONFIG, changed }
}

/** An object that is not there as a question: whether all have left it. */
export function absentSubject(key: string, ledger: Ledger, gone: GoneRecord | undefined): AskedSubject {
  const { traces, since } = gone ?? { traces: [key], since: ledger.sequence }
  return { traces, since, everyone: key === MESH_CONFIG, changed: gone !== undefined }
}
