import type { Resource } from '../resource.ts'
import type { ResourceType } from '../resource-type.ts'

/** What a client says about one type, state of the world: the whole list of names each time. */
export interface SotwRequest {
  readonly kind: 'sotw'
  readonly names: readonly string[]
  /** Empty on the first request, else that of the response it answers. */
  readonly nonce: string
  /** Of the response that the client accepted last. */
  readonly version: string
  /** Why the response was refused (NACK). */
  readonly error: string | undefined
}

/** What a client says about one type, incremental. */
export interface DeltaRequest {
  readonly kind: 'delta'
  readonly subscribe: readonly string[]
  readonly unsubscribe: readonly string[]
  /** What it still has from an earlier stream: name → version. */
  readonly initialVersions: Readonly<Record<string, string>>
  readonly nonce: string
  readonly error: string | undefined
}

export type TypeRequest = SotwRequest | DeltaRequest

/** What goes to the client about one type. */
export interface TypeResponse {
  readonly type: ResourceType
  readonly nonce: string
  readonly snapshot: string
  readonly resources: readonly Resource[]
  /** Delta only. */
  readonly removed: readonly string[]
}
