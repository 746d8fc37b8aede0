import { z } from 'zod'
import { inert, inertValues, noting, otherwise } from '../fields/note.ts'

const NO_MUTUAL = 'a certificate of your own is not presented'

const Fields = z.strictObject({
  mode: otherwise(inertValues(z.enum(['DISABLE', 'SIMPLE', 'MUTUAL', 'ISTIO_MUTUAL']), { MUTUAL: NO_MUTUAL }), 'DISABLE').optional(),
  clientCertificate: inert(z.string()).optional(),
  privateKey: inert(z.string()).optional(),
  caCertificates: z.string().optional(),
  credentialName: inert(z.string(), 'Write `caCertificates`, the path of a PEM file.').optional(),
  subjectAltNames: z.array(z.string()).optional(),
  sni: z.string().optional(),
  insecureSkipVerify: otherwise(z.boolean(), false).optional(),
  caCrl: inert(z.string()).optional(),
})

/** Istio `ClientTLSSettings`: TLS towards the destination. */
export const ClientTls = verified('IST0128', 'The certificate of the destination is not verified.')
/** The same for one port of it. */
export const PortTls = verified('IST0129', 'The certificate of the destination is not verified at this port.')

function verified(code: 'IST0128' | 'IST0129', message: string): typeof Fields {
  return noting(Fields, (tls) =>
    tls.insecureSkipVerify === true
      ? { code, path: ['insecureSkipVerify'], message, fix: 'Write `caCertificates`, the path of a PEM file.' }
      : undefined,
  )
}

export type ClientTls = z.infer<typeof ClientTls>
