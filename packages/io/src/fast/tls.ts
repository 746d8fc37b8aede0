import { isIP } from 'node:net'
import { nameRefusal } from '../common/server-name.ts'
import type { ClientTls, ServerTls } from '../port/tls.ts'
import type { Secured } from './reading-conn.ts'
import { ARENA, offsetIn } from './native/arena.ts'
import { TlsConnection } from './native/tls-session.ts'
import type { FastShared } from './shared.ts'
import { configOf, systemConfig } from './tls-context.ts'

/** The server side of TLS on a descriptor whose first bytes were read already. */
export function acceptTls({ loop, alpn }: FastShared, fd: number, options: ServerTls, head: Uint8Array): TlsConnection {
  const config = configOf(options.context)
  alpn.apply(config)
  const verify = options.requireClientCert ? 'peer' : 'none'
  const tls = new TlsConnection(config, fd, { server: true, verify, alpn: options.alpn, sni: '' })
  const { arena } = loop.sys
  const at = offsetIn(arena, head)
  if (at !== -1) tls.feed(at, head.length)
  for (let from = 0; at === -1 && from < head.length; from += ARENA.outBytes) {
    const piece = head.subarray(from, from + ARENA.outBytes)
    arena.bytes.set(piece, ARENA.out)
    tls.feed(ARENA.out, piece.length)
  }
  return tls
}

/** The client side. */
export function connectTls({ ssl }: FastShared, fd: number, options: ClientTls): TlsConnection {
  const config = options.context === undefined ? systemConfig(ssl) : configOf(options.context)
  const verify = options.verify === 'none' ? 'none' : 'peer'
  return new TlsConnection(config, fd, { server: false, verify, alpn: options.alpn, sni: isIP(options.sni) === 0 ? options.sni : '' })
}

/** How a client judges its server. */
export function judgeOf(options: ClientTls): Secured {
  if (options.verify === 'none') return { verify: 'none', judge: () => undefined }
  if (options.verify === 'hostname') return { verify: 'peer', judge: ([leaf]) => nameRefusal(leaf, options.sni) }
  return { verify: 'peer', judge: options.judge ?? (() => 'Nobody judges the server.') }
}

/** OpenSSL has refused what it could not verify; this holds even if it had not. */
export function chainRefusal(chain: readonly Uint8Array[], tls: TlsConnection): string | undefined {
  if (chain.length === 0) return 'The other side sent no certificate.'
  const verdict = tls.verdict()
  return verdict === undefined ? undefined : `The other side's certificate was not verified: ${verdict}.`
}
