import { constants, X509Certificate } from 'node:crypto'
import * as tls from 'node:tls'
import type { ServerTls, TlsContext, TlsMaterial } from '../port/tls.ts'
import { TlsMaterialError } from '../port/tls.ts'

/** Certificates, key and roots, compiled once; servers for what is asked of clients are made when first needed. */
export class PortableTlsContext implements TlsContext {
  readonly material: TlsMaterial
  readonly secure: tls.SecureContext
  readonly #options: tls.SecureContextOptions
  readonly #servers = new Map<string, tls.Server>()

  constructor(material: TlsMaterial) {
    this.material = material
    this.#options = optionsOf(material)
    this.secure = compile(this.#options)
  }

  /** A server of node:tls that never listens: connections are handed to it. */
  server({ alpn, requireClientCert, handshakeTimeoutMs }: ServerTls): tls.Server {
    const key = `${requireClientCert} ${handshakeTimeoutMs} ${alpn.join(' ')}`
    let server = this.#servers.get(key)
    if (server === undefined) {
      server = tls.createServer({
        ...this.#options,
        requestCert: requireClientCert,
        rejectUnauthorized: false,
        handshakeTimeout: handshakeTimeoutMs,
        ...(alpn.length === 0 ? {} : { ALPNProtocols: [...alpn] }),
      })
      this.#servers.set(key, server)
    }
    return server
  }
}

/** The roots of the machine, and those that Node brings where it has none. */
export function systemContext(): tls.SecureContext {
  const system = tls.getCACertificates('system')
  return (systemSecure ??= tls.createSecureContext({ ...COMMON, ca: system.length > 0 ? system : tls.getCACertificates('bundled') }))
}

let systemSecure: tls.SecureContext | undefined

/** No tickets: a resumed session would carry a verdict made under older trust. Key exchange is pinned on purpose. */
const COMMON: tls.SecureContextOptions = {
  minVersion: 'TLSv1.2',
  secureOptions: constants.SSL_OP_NO_TICKET | constants.SSL_OP_NO_RENEGOTIATION | constants.SSL_OP_NO_COMPRESSION,
  ecdhCurve: 'X25519:prime256v1:secp384r1',
}

function optionsOf({ certChainPem, privateKeyPem, rootsPem }: TlsMaterial): tls.SecureContextOptions {
  const own = certChainPem === '' && privateKeyPem === '' ? {} : { cert: certChainPem, key: privateKeyPem }
  const roots = certificatesOf(rootsPem)
  if (rootsPem.trim() !== '' && roots.length === 0) throw new TlsMaterialError('The roots hold no certificate.')
  return { ...COMMON, ...own, ca: roots }
}

function certificatesOf(pem: string): string[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? []
  for (const block of blocks) attempt(() => new X509Certificate(block))
  return blocks
}

function compile(options: tls.SecureContextOptions): tls.SecureContext {
  return attempt(() => tls.createSecureContext(options))
}

function attempt<T>(make: () => T): T {
  try {
    return make()
  } catch (error) {
    throw new TlsMaterialError(error instanceof Error ? error.message : String(error))
  }
}
