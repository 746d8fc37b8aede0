import type { CompiledEngine } from '@mesh/core/engine'
import type { Endpoint, NodeSelf } from '@mesh/core/view'
import type { Ejections } from '../mesh/proxy-ejections.ts'

/** The sender of a request, and what its proxy and those of its destinations know. */
export interface AskedMesh {
  readonly self: NodeSelf
  readonly engine: CompiledEngine
  /** The snapshot that the sender's proxy serves. */
  readonly snapshot: string
  /** Which endpoints the sender's proxy has ejected; absent where none runs. */
  readonly ejected?: Ejections
  /** Fetches what the proxies in front of endpoints know. */
  destinations(endpoints: readonly Endpoint[]): Promise<(endpoint: Endpoint) => CompiledEngine | undefined>
}

export interface AskedSender {
  readonly cwd: string
  /** Absent: the ingress gateway. */
  readonly from: string | undefined
  readonly namespace: string | undefined
}
