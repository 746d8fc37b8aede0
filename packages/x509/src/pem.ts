const BLOCK = /-----BEGIN CERTIFICATE-----\s*([A-Za-z0-9+/=\s]+?)-----END CERTIFICATE-----/g

/** The certificates of a PEM text as DER, in order; text around them is passed over. */
export function certificatesOf(pem: string): readonly Uint8Array[] {
  return [...pem.matchAll(BLOCK)].map((block) => new Uint8Array(Buffer.from(block[1] ?? '', 'base64')))
}

/** One certificate as PEM, ending in a line feed. */
export function certificatePem(der: Uint8Array): string {
  return toPem('CERTIFICATE', der)
}

export function toPem(label: string, der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`
}
