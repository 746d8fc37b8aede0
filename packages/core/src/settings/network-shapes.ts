import { text, whole, type Shape } from './shape.ts'

/** A port to listen on; 0 is any. */
export function port(): Shape<number> {
  return whole(0, 65_535)
}

/** Where to connect to: `address:port`, an IPv6 address in brackets. */
export function endpoint(): Shape<string> {
  return text((one) => ENDPOINT.test(one), 'write it as address:port')
}

const ENDPOINT = /^(?:\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-fA-F:.]+\]|[a-z0-9.-]+):\d{1,5}$/
