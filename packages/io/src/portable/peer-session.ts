import type { X509Certificate } from 'node:crypto'
import type { TLSSocket } from 'node:tls'
import type { TlsSession } from '../port/conn.ts'

/** Longer chains are cut: nobody needs them, and a ring of issuers would never end. */
const MAX_CHAIN = 8

/** What the handshake settled. */
export function peerSession(socket: TLSSocket): TlsSession {
  return {
    peerChain: peerChain(socket.getPeerX509Certificate()),
    alpn: socket.alpnProtocol === false || socket.alpnProtocol === null ? undefined : socket.alpnProtocol,
    sni: typeof socket.servername === 'string' ? socket.servername : undefined,
    version: socket.getProtocol() === 'TLSv1.3' ? 'TLSv1.3' : 'TLSv1.2',
  }
}

function peerChain(leaf: X509Certificate | undefined): Uint8Array[] {
  const chain: Uint8Array[] = []
  for (let next = leaf; next !== undefined && chain.length < MAX_CHAIN; next = next.issuerCertificate) {
    const { raw } = next
    if (chain.some((known) => raw.equals(known))) break
    chain.push(raw)
  }
  return chain
}
