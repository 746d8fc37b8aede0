import type { CallEnv } from '@mesh/core/call'
import type { NodeSelf } from '@mesh/core/view'
import type { Io } from '@mesh/io'
import type { Counters } from './counters.ts'
import type { UnderscoreAction } from './http/admit-request.ts'
import type { FileContexts } from './identity/file-contexts.ts'
import type { MeshIdentity } from './identity/mesh-identity.ts'
import type { Limits } from './limits.ts'
import type { BoundListener } from './listen/bound-listener.ts'
import type { Observer } from './observe/observer.ts'
import type { Overload } from './overload/level.ts'
import type { Place } from './pool/loop.ts'
import type { Pools } from './pool/pools.ts'

/** What all parts of one proxy share. */
export interface ProxyContext {
  readonly io: Io
  readonly env: CallEnv
  readonly self: NodeSelf
  readonly limits: Limits
  readonly counters: Counters
  readonly identity: MeshIdentity
  readonly files: FileContexts
  readonly pools: Pools
  readonly observer: Observer
  readonly overload: Overload
  /** At edges only. */
  readonly underscores: UnderscoreAction
  /** The sockets in force. */
  readonly listeners: () => readonly BoundListener[]
  /** What serves this process itself: nothing that comes through it may go there. */
  readonly ownPlaces: readonly Place[]
  /** The verified SPIFFE id in a leaf certificate (DER). */
  readonly principalOf: (leaf: Uint8Array) => string | undefined
  /** A bug showed: it is counted and logged, and hurts only the connection it happened on. */
  readonly onFault: (error: unknown) => void
}
