import { createPrivateKey, X509Certificate } from 'node:crypto'
import * as tls from 'node:tls'
import { TlsMaterialError, type TlsContext, type TlsMaterial } from '../port/tls.ts'
import type { OpenSsl } from './native/openssl.ts'
import { TlsConfig } from './native/tls-config.ts'

/** Certificates, key and roots, compiled once. */
export class FastTlsContext implements TlsContext {
  readonly material: TlsMaterial
  readonly config: TlsConfig

  constructor(ssl: OpenSsl, material: TlsMaterial) {
    this.material = material
    try {
      this.config = new TlsConfig(ssl, optionsOf(material))
    } catch (error) {
      throw error instanceof TlsMaterialError ? error : new TlsMaterialError(error instanceof Error ? error.message : String(error))
    }
  }
}

export function configOf(context: TlsContext): TlsConfig {
  if (!(context instanceof FastTlsContext)) throw new Error('The TLS context was made by another plug.')
  return context.config
}

/** The roots of the machine, and those that Node brings where it has none. */
export function systemConfig(ssl: OpenSsl): TlsConfig {
  if (system === undefined) {
    const roots = tls.getCACertificates('system')
    system = new TlsConfig(ssl, {
      chain: [],
      key: undefined,
      roots: (roots.length > 0 ? roots : tls.getCACertificates('bundled')).map(derOf),
    })
  }
  return system
}

let system: TlsConfig | undefined

function optionsOf({ certChainPem, privateKeyPem, rootsPem }: TlsMaterial): ConstructorParameters<typeof TlsConfig>[1] {
  const chain = certificatesOf(certChainPem)
  const roots = certificatesOf(rootsPem)
  if (rootsPem.trim() !== '' && roots.length === 0) throw new TlsMaterialError('The roots hold no certificate.')
  if (certChainPem.trim() !== '' && chain.length === 0) throw new TlsMaterialError('The chain holds no certificate.')
  if ((chain.length === 0) !== (privateKeyPem === ''))
    throw new TlsMaterialError('A chain and its key belong together; one of them is missing.')
  const key = privateKeyPem === '' ? undefined : createPrivateKey(privateKeyPem).export({ type: 'pkcs8', format: 'der' })
  return { chain, key, roots }
}

function certificatesOf(pem: string): readonly Uint8Array[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? []
  return blocks.map(derOf)
}

function derOf(pem: string): Uint8Array {
  return new X509Certificate(pem).raw
}
