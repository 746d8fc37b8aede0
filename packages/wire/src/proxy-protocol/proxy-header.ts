/**
 * What the first bytes of a connection say in the PROXY protocol: not enough of them yet, no valid header, or how many bytes it takes
 * and whose connection it is. `own`: nobody's but the sender's (LOCAL, UNKNOWN, or addresses that are none of TCP).
 */
export type ProxyHeader =
  | { readonly kind: 'more' }
  | { readonly kind: 'bad' }
  | { readonly kind: 'own'; readonly taken: number }
  | { readonly kind: 'proxied'; readonly taken: number; readonly source: ProxiedEnd; readonly destination: ProxiedEnd }

/** One end of the connection that the sender took: an IP literal as it is written shortest (RFC 5952), an IPv4 address always as one. */
export interface ProxiedEnd {
  readonly address: string
  readonly port: number
}

export const MORE: ProxyHeader = { kind: 'more' }
export const BAD: ProxyHeader = { kind: 'bad' }
