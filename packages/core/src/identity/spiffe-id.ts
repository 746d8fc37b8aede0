/** What a SPIFFE id of a workload says (`spiffe://TRUSTDOMAIN/ns/NAMESPACE/sa/ACCOUNT`). */
export interface WorkloadIdentity {
  readonly trustDomain: string
  readonly namespace: string
  readonly serviceAccount: string
}

const FORM = /^spiffe:\/\/([a-z0-9._-]{1,255})\/ns\/([A-Za-z0-9._-]{1,253})\/sa\/([A-Za-z0-9._-]{1,253})$/

/** Reads a workload's SPIFFE id in Istio's form; undefined for anything else. */
export function parseSpiffeId(id: string): WorkloadIdentity | undefined {
  const match = id.length > 2048 ? null : FORM.exec(id)
  const [, trustDomain, namespace, serviceAccount] = match ?? []
  if (trustDomain === undefined || namespace === undefined || serviceAccount === undefined) return undefined
  if (namespace.startsWith('.') || serviceAccount.startsWith('.')) return undefined
  return { trustDomain, namespace, serviceAccount }
}
