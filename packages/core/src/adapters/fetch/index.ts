export { meshFetch, type Fetch, type MeshFetchOptions } from './mesh-fetch.ts'
export type { Transport, TransportTry } from './transport.ts'
