import type { ForwardedFor } from '../../view/listener.ts'
import type { Peer, RequestHead } from '../request.ts'

/** Where a request comes from, as far as that is known. */
export type RemoteAddress =
  | { readonly kind: 'known'; readonly address: string }
  /** A peer that is not believed says that it forwards for another. */
  | { readonly kind: 'claimed'; readonly address: string; readonly claim: string }

export type ReadRemote = (head: RequestHead | undefined, peer: Peer) => RemoteAddress

/** Who may say in `x-forwarded-for` for whom a request is made. */
export interface ForwardedTrust {
  /** The header was written by this proxy itself. */
  readonly edge: boolean
  readonly forwarded?: ForwardedFor | undefined
}

/** Reads the remote address of a request: the peer's, unless a proxy that is believed names another. */
export function remoteReader({ edge, forwarded }: ForwardedTrust): ReadRemote {
  const from = new Set(forwarded?.from)
  const hops = forwarded?.hops ?? 0
  return (head, peer) => {
    const header = head?.header('x-forwarded-for')
    if (header === undefined) return { kind: 'known', address: peer.address }
    const believed = edge || (peer.principal !== undefined && from.has(peer.principal))
    if (believed) return { kind: 'known', address: hopFromEnd(header, hops) }
    return { kind: 'claimed', address: peer.address, claim: hopFromEnd(header, 0) }
  }
}

/** The entry before the last `hops` ones; the last one where there are fewer. */
export function hopFromEnd(header: string, hops: number): string {
  let end = header.length
  for (let hop = 0; hop < hops; hop++) {
    const comma = header.lastIndexOf(',', end - 1)
    if (comma < 0 || end <= 0) return hopFromEnd(header, 0)
    end = comma
  }
  return header.slice(header.lastIndexOf(',', end - 1) + 1, end).trim()
}
