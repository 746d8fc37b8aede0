import type { PeerCertificate } from 'node:tls'
import { ChannelCredentials, experimental, ServerCredentials } from '@grpc/grpc-js'
import type { Svid, SvidSource } from '@mesh/core/identity'
import { spiffeIdOfCertificate } from './uri-sans.ts'

type CertificateProvider = experimental.CertificateProvider

/** How a channel proves itself and whom it accepts. */
export interface ChannelTrust {
  /** Our SVID and its roots; a channel waits for the first one. */
  readonly identity?: SvidSource
  /** Trusted roots of a caller without identity. */
  readonly rootsPem?: string
  /** SPIFFE ids of acceptable servers. Must be there as soon as the channel is TLS. */
  readonly expect?: readonly string[]
}

/**
 * Credentials of a channel: TLS with rotating certificates, or plain text where neither identity nor roots are given.
 * The server is accepted by the SPIFFE id in its verified certificate, never by its host name.
 */
export function channelCredentials({ identity, rootsPem, expect }: ChannelTrust): ChannelCredentials {
  const verify = { checkServerIdentity: (_host: string, certificate: PeerCertificate) => judgeServer(certificate.raw, expect ?? []) }
  if (identity !== undefined) {
    const provider = certificateProvider(identity)
    return experimental.createCertificateProviderChannelCredentials(provider, provider, verify)
  }
  if (rootsPem !== undefined) return ChannelCredentials.createSsl(Buffer.from(rootsPem), null, null, verify)
  return ChannelCredentials.createInsecure()
}

/**
 * Credentials of a server: its SVID with TLS; client certificates are asked for and verified against the SVID's roots.
 * A client without one is refused, unless `clientCert` is `optional`; one whose certificate does not verify counts as having none then.
 */
export function serverCredentials(identity: SvidSource | undefined, clientCert: 'required' | 'optional'): ServerCredentials {
  if (identity === undefined) return ServerCredentials.createInsecure()
  const provider = certificateProvider(identity)
  return experimental.createCertificateProviderServerCredentials(provider, provider, clientCert === 'required')
}

function judgeServer(der: Buffer, expect: readonly string[]): Error | undefined {
  const spiffeId = spiffeIdOfCertificate(der)
  if (spiffeId === undefined) return new Error('the server has no SPIFFE id')
  return expect.includes(spiffeId) ? undefined : new Error(`the server is ${spiffeId}, expected ${expect.join(' or ')}`)
}

/** Hands each new SVID to grpc-js: new connections use it, open ones stay. */
function certificateProvider(identity: SvidSource): CertificateProvider {
  const stops = new Map<unknown, () => void>()
  const watch = (listener: unknown, onSvid: (svid: Svid) => void) => void stops.set(listener, watchLater(identity, onSvid))
  const stop = (listener: unknown) => {
    stops.get(listener)?.()
    stops.delete(listener)
  }
  return {
    addCaCertificateListener: (listener) => watch(listener, (svid) => listener({ caCertificate: Buffer.from(svid.rootsPem) })),
    removeCaCertificateListener: stop,
    addIdentityCertificateListener: (listener) =>
      watch(listener, (svid) => listener({ certificate: Buffer.from(svid.certChainPem), privateKey: Buffer.from(svid.privateKeyPem) })),
    removeIdentityCertificateListener: stop,
  }
}

/** grpc-js misses what a provider says while it is still subscribing, so each SVID is told a moment later. */
function watchLater(identity: SvidSource, onSvid: (svid: Svid) => void): () => void {
  let stopped = false
  const stop = identity.watch((svid) => queueMicrotask(() => stopped || onSvid(svid)))
  return () => {
    stopped = true
    stop()
  }
}
