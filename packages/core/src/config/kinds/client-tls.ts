import { z } from 'zod'
import { inert, inertValues, noting } from '../fields/note.ts'

const NO_MUTUAL = 'a certificate of your own is not presented'

/** Istio `ClientTLSSettings`: TLS towards the destination. */
export const ClientTls = noting(
  z.strictObject({
    mode: inertValues(z.enum(['DISABLE', 'SIMPLE', 'MUTUAL', 'ISTIO_MUTUAL']), { MUTUAL: NO_MUTUAL }).optional(),
    clientCertificate: inert(z.string()).optional(),
    privateKey: inert(z.string()).optional(),
    caCertificates: z.string().optional(),
    credentialName: inert(z.string(), 'Write `caCertificates`, the path of a PEM file.').optional(),
    subjectAltNames: z.array(z.string()).optional(),
    sni: z.string().optional(),
    insecureSkipVerify: z.boolean().optional(),
    caCrl: inert(z.string()).optional(),
  }),
  (tls) =>
    tls.insecureSkipVerify === true
      ? { code: 'IST0128', path: ['insecureSkipVerify'], message: 'The certificate of the destination is not verified.' }
      : undefined,
)
export type ClientTls = z.infer<typeof ClientTls>
