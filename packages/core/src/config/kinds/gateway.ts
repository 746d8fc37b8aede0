import { z } from 'zod'
import { Labels, ListenerPort } from '../fields/common.ts'
import { inert, inertValues, noting, otherwise, quiet, type Note } from '../fields/note.ts'

const NOT_OPENED = 'the server is not opened'

/** What narrows whose client certificates are taken: a server that asks for them is not opened to more callers than it reads. */
const unverified = <Schema extends z.ZodType>(schema: Schema): Schema => {
  const note = (field: string): Note => ({
    code: 'MESH0101',
    message: `\`${field}\` is not verified yet; a server that asks callers for certificates is not opened.`,
    effect: 'refused',
  })
  return noting(schema, (_value, field) => note(field), note)
}

const TlsVersion = z.enum(['TLS_AUTO', 'TLSV1_0', 'TLSV1_1', 'TLSV1_2', 'TLSV1_3'])

const CertificateFiles = z.strictObject({
  serverCertificate: z.string().optional(),
  privateKey: z.string().optional(),
  caCertificates: z.string().optional(),
})

/** Istio `ServerTLSSettings`. */
export const ServerTls = z.strictObject({
  httpsRedirect: otherwise(z.boolean(), false).optional(),
  mode: inertValues(
    z.enum(['PASSTHROUGH', 'SIMPLE', 'MUTUAL', 'AUTO_PASSTHROUGH', 'ISTIO_MUTUAL', 'OPTIONAL_MUTUAL']),
    { AUTO_PASSTHROUGH: NOT_OPENED, OPTIONAL_MUTUAL: NOT_OPENED },
    'refused',
  ).optional(),
  serverCertificate: z.string().optional(),
  privateKey: z.string().optional(),
  caCertificates: z.string().optional(),
  subjectAltNames: unverified(z.array(z.string())).optional(),
  credentialName: inert(z.string()).optional(),
  credentialNames: inert(z.array(z.string())).optional(),
  caCertCredentialName: inert(z.string()).optional(),
  tlsCertificates: inert(z.array(CertificateFiles)).optional(),
  caCrl: unverified(z.string()).optional(),
  verifyCertificateSpki: unverified(z.array(z.string())).optional(),
  verifyCertificateHash: unverified(z.array(z.string())).optional(),
  minProtocolVersion: inert(TlsVersion).optional(),
  maxProtocolVersion: inert(TlsVersion).optional(),
  cipherSuites: inert(z.array(z.string())).optional(),
})
export type ServerTls = z.infer<typeof ServerTls>

const GatewayHost = z.string().refine((text) => /^(?:[^/]+\/)?[^/]+$/.test(text), {
  error: 'is not a host',
  params: { fix: 'Write a DNS name, `*`, `*.suffix`, or `namespace/host`.' },
})

/** Istio `Server`: one port of a gateway and the hosts behind it. */
export const GatewayServer = z.strictObject({
  port: ListenerPort,
  bind: otherwise(z.string(), '0.0.0.0').optional(),
  hosts: z.array(GatewayHost).min(1),
  tls: ServerTls.optional(),
  defaultEndpoint: inert(z.string()).optional(),
  name: quiet(z.string(), 'It is a name for people.').optional(),
})
export type GatewayServer = z.infer<typeof GatewayServer>

/** Istio `networking.v1.Gateway`: which ports the selected proxies open at the edge. */
export const Gateway = z.strictObject({ servers: z.array(GatewayServer).min(1), selector: Labels.optional() })
export type Gateway = z.infer<typeof Gateway>
