import type { ResourceType } from '../resource-type.ts'

/** What the client says about one type; each variant of the protocol sends its part of it. */
export interface ClientRequest {
  readonly type: ResourceType
  /** State of the world: all names; empty asks for everything. */
  readonly names: readonly string[]
  /** Delta: what is new in it, what has gone. */
  readonly subscribe: readonly string[]
  readonly unsubscribe: readonly string[]
  readonly initialVersions: Readonly<Record<string, string>>
  /** Of the response that this answers; empty when it answers none. */
  readonly nonce: string
  /** State of the world: the version in force. */
  readonly version: string
  /** Why the response is refused, in whole or in part. */
  readonly error: string | undefined
}

export interface ServerResponse {
  readonly type: ResourceType
  readonly nonce: string
  readonly snapshot: string
  readonly resources: readonly ReceivedResource[]
  /** Delta only. */
  readonly removed: readonly string[]
}

export interface ReceivedResource {
  /** Empty in the state of the world: the resource names itself. */
  readonly name: string
  /** Empty in the state of the world. */
  readonly version: string
  readonly typeUrl: string
  readonly bytes: Uint8Array
}
