import type { IncomingHttpHeaders } from 'node:http'

/** Headers that tie the calls of one request together, and the user on whose behalf it is made. */
const FORWARDED = [
  'x-request-id',
  'traceparent',
  'tracestate',
  'b3',
  'x-b3-traceid',
  'x-b3-spanid',
  'x-b3-parentspanid',
  'x-b3-sampled',
  'x-b3-flags',
  'end-user',
  'user-agent',
] as const

/** The headers that a service passes on with each call that it makes to answer this one. */
export function forwarded(headers: IncomingHttpHeaders): Record<string, string> {
  const out: Record<string, string> = {}
  for (const name of FORWARDED) {
    const value = headers[name]
    if (typeof value === 'string') out[name] = value
  }
  return out
}
