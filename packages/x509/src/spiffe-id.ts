/** A SPIFFE id in Istio's form, taken apart: `spiffe://<trust domain>/ns/<namespace>/sa/<account>`. */
export interface SpiffeId {
  readonly trustDomain: string
  readonly namespace: string
  readonly serviceAccount: string
}

/** Bytes of a SPIFFE id, and of its trust domain (SPIFFE-ID §2.3). */
const MAX_ID_BYTES = 2048
const MAX_TRUST_DOMAIN_BYTES = 255
const WORKLOAD_ID = /^spiffe:\/\/([a-z0-9._-]+)\/ns\/([A-Za-z0-9._-]+)\/sa\/([A-Za-z0-9._-]+)$/

/** Takes a workload's SPIFFE id apart; undefined for anything that is not exactly one. */
export function parseSpiffeId(text: string): SpiffeId | undefined {
  if (text.length > MAX_ID_BYTES) return undefined
  const [, trustDomain = '', namespace = '', serviceAccount = ''] = WORKLOAD_ID.exec(text) ?? []
  if (trustDomain === '' || trustDomain.length > MAX_TRUST_DOMAIN_BYTES) return undefined
  if (isDots(namespace) || isDots(serviceAccount)) return undefined
  return { trustDomain, namespace, serviceAccount }
}

export function formatSpiffeId({ trustDomain, namespace, serviceAccount }: SpiffeId): string {
  return `spiffe://${trustDomain}/ns/${namespace}/sa/${serviceAccount}`
}

/** `.` and `..` are no path segments (SPIFFE-ID §2.2). */
function isDots(segment: string): boolean {
  return segment === '.' || segment === '..'
}
