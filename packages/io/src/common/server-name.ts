import { X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'

/** Why a certificate (DER) is not one of the named server. RFC 9525: names and addresses of the certificate alone, its subject says nothing. */
export function nameRefusal(leaf: Uint8Array | undefined, name: string): string | undefined {
  if (leaf === undefined) return 'The server sent no certificate.'
  const certificate = new X509Certificate(leaf)
  const known = isIP(name) === 0 ? certificate.checkHost(name, { subject: 'never', partialWildcards: false }) : certificate.checkIP(name)
  return known === undefined ? `The server's certificate is not for ${name}.` : undefined
}
