import { X509Certificate } from 'node:crypto'
import { z } from '@mesh/core/schema'
import { CommandFailure, EXIT } from '../output/exit-code.ts'
import type { Listing } from './listing.ts'

const CertificatesPage = z.object({
  certificates: z.array(z.object({ ca_cert: z.array(z.unknown()).optional(), cert_chain: z.array(z.unknown()).optional() })),
})
const Certificate = z.object({
  pem: z.string().optional(),
  serial_number: z.string().optional(),
  subject_alt_names: z.array(z.object({ uri: z.string().optional(), dns: z.string().optional() })).optional(),
  valid_from: z.string().optional(),
  expiration_time: z.string().optional(),
})

interface ListedSecret {
  readonly name: 'default' | 'ROOTCA'
  readonly type: 'Cert Chain' | 'CA'
  readonly subjectAltNames: readonly string[]
  readonly serialNumber?: string
  readonly notBefore?: string
  readonly notAfter?: string
  readonly valid: boolean
}

/** `pc secret`, in istioctl's columns, from the proxy's `/certs`; there are no keys in it. */
export function listSecrets(answer: unknown, nowMs: number): Listing<ListedSecret> {
  const page = CertificatesPage.safeParse(answer)
  if (!page.success) throw new CommandFailure(EXIT.unreachable, 'The proxy answers /certs in a form that this meshctl does not know.')
  const items = page.data.certificates.flatMap((one) => [
    ...(one.cert_chain ?? []).map((certificate) => secret('default', certificate, nowMs)),
    ...(one.ca_cert ?? []).map((certificate) => secret('ROOTCA', certificate, nowMs)),
  ])
  const rows = items.map((one) => [
    one.name,
    one.type,
    'ACTIVE',
    String(one.valid),
    one.serialNumber ?? '-',
    one.notAfter ?? '-',
    one.notBefore ?? '-',
    one.subjectAltNames.join(', '),
  ])
  return { heads: ['RESOURCE NAME', 'TYPE', 'STATUS', 'VALID CERT', 'SERIAL NUMBER', 'NOT AFTER', 'NOT BEFORE', 'SAN'], rows, items }
}

function secret(name: ListedSecret['name'], value: unknown, nowMs: number): ListedSecret {
  const told = Certificate.safeParse(value).data ?? {}
  const read = told.pem === undefined ? undefined : readCertificate(told.pem)
  const serialNumber = told.serial_number ?? read?.serialNumber.toLowerCase()
  const notBefore = isoTime(told.valid_from ?? read?.validFrom)
  const notAfter = isoTime(told.expiration_time ?? read?.validTo)
  return {
    name,
    type: name === 'default' ? 'Cert Chain' : 'CA',
    subjectAltNames: (told.subject_alt_names ?? []).flatMap((one) => one.uri ?? one.dns ?? []),
    ...(serialNumber === undefined ? {} : { serialNumber }),
    ...(notBefore === undefined ? {} : { notBefore }),
    ...(notAfter === undefined ? {} : { notAfter }),
    valid: notBefore !== undefined && notAfter !== undefined && Date.parse(notBefore) <= nowMs && nowMs < Date.parse(notAfter),
  }
}

function readCertificate(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem)
  } catch {
    return undefined
  }
}

function isoTime(text: string | undefined): string | undefined {
  const ms = Date.parse(text ?? '')
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString().replace('.000Z', 'Z')
}
