import { z } from 'zod'
import { named } from './type-name.ts'

const LABEL = /^[a-zA-Z0-9]([-a-zA-Z0-9]{0,61}[a-zA-Z0-9])?$/
const SERVICE_LABEL = /^[a-zA-Z0-9_]([-a-zA-Z0-9_]{0,61}[a-zA-Z0-9_])?$/
const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.|$)){4}$/

/** Whether it is a DNS name (RFC 1123, underscores allowed); short names count. */
export function isDnsName(text: string): boolean {
  const name = text.endsWith('.') ? text.slice(0, -1) : text
  return name.length > 0 && name.length <= 253 && name.split('.').every((label) => SERVICE_LABEL.test(label))
}

/** Whether it is an IPv4 address in dotted decimals. */
export function isIpv4(text: string): boolean {
  return IPV4.test(text) && text.split('.').length === 4
}

/** Whether it is an IPv6 address without zone or brackets. */
export function isIpv6(text: string): boolean {
  if (!text.includes(':') || text.length > 45 || !/^[0-9a-fA-F:.]+$/.test(text)) return false
  const halves = text.split('::')
  if (halves.length > 2) return false
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')))
  const last = groups.at(-1)
  const tail = last !== undefined && last.includes('.') ? 1 : 0
  if (tail === 1 && !isIpv4(last ?? '')) return false
  const count = groups.length + tail
  if (!groups.slice(0, groups.length - tail).every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return false
  return halves.length === 2 ? count < 8 : count === 8
}

export function isIp(text: string): boolean {
  return isIpv4(text) || isIpv6(text)
}

/** `10.0.0.0/8`, `::1/128`, or a bare address. */
export function isCidr(text: string): boolean {
  const slash = text.indexOf('/')
  if (slash < 0) return isIp(text)
  const address = text.slice(0, slash)
  const prefix = text.slice(slash + 1)
  if (!/^\d{1,3}$/.test(prefix)) return false
  return isIpv4(address) ? Number(prefix) <= 32 : isIpv6(address) && Number(prefix) <= 128
}

function isWildcardName(text: string): boolean {
  return text === '*' || isDnsName(text.startsWith('*.') ? text.slice(2) : text)
}

/** A DNS name, short or full, an IP address, `*` or `*.suffix`. */
export const WildcardHost = named(
  z.string().refine((text) => isWildcardName(text) || isIp(text), {
    error: 'is not a host name',
    params: { fix: 'Write a DNS name, `*.suffix`, `*`, or an IP address.' },
  }),
  'host',
)

/** The host of a destination: a DNS name, or a wildcard where a rule stands for many. */
export const ServiceHost = named(
  z.string().refine((text) => isWildcardName(text) || isIp(text), {
    error: 'is not the host of a service',
    params: { fix: 'Write the name of a service, like `reviews` or `reviews.default.svc.cluster.local`.' },
  }),
  'host of a service',
)

/** The name of a namespace, or `.`, `*` and `~` where visibility is told. */
export const ExportTo = named(
  z.string().refine((text) => text === '.' || text === '*' || text === '~' || LABEL.test(text), {
    error: 'is not a namespace',
    params: { fix: 'Write `.` for the own namespace, `*` for all, or the name of one.' },
  }),
  'namespace, `.`, `*` or `~`',
)

export const IpBlock = named(
  z.string().refine(isCidr, {
    error: 'is not an IP address or block',
    params: { fix: 'Write an address like `10.0.0.1` or a block like `10.0.0.0/8`.' },
  }),
  'address or block',
)
