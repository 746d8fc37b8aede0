import { isIp } from '../config/fields/host.ts'
import type { Cidr } from '../view/match.ts'

/** `10.0.0.0/8`, or one address; undefined when it is neither. */
export function parseCidr(text: string): Cidr | undefined {
  const [address = '', bits, ...rest] = text.split('/')
  if (rest.length > 0 || !isIp(address)) return undefined
  const widest = address.includes(':') ? 128 : 32
  if (bits === undefined) return { address, prefix: widest }
  if (!/^\d{1,3}$/.test(bits) || Number(bits) > widest) return undefined
  return { address, prefix: Number(bits) }
}

/** `[2001:db8::1]` and `10.0.0.1`: an address as it stands in an authority. */
export function authorityOf(address: string): string {
  return address.includes(':') ? `[${address}]` : address
}
