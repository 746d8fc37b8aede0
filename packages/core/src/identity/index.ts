export { clientJudge, serverJudge, type PeerJudge } from './judge.ts'
export { parseSpiffeId, type WorkloadIdentity } from './spiffe-id.ts'
export type { Svid, SvidSource } from './svid.ts'
