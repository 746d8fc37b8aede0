import { asciiBytes, equalsFolded } from './text.ts'

/**
 * Well-known header names as small ids. The first ones frame and steer a connection: see `isFraming`.
 * 0 is every other name.
 */
export const NAMES = [
  '',
  'host',
  'content-length',
  'transfer-encoding',
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'upgrade',
  'expect',
  'x-request-id',
  'x-forwarded-for',
  'x-forwarded-proto',
  'x-forwarded-host',
  'x-forwarded-client-cert',
  'x-envoy-upstream-service-time',
  'x-envoy-external-address',
  'x-envoy-internal',
  'x-envoy-attempt-count',
  'x-envoy-decorator-operation',
  'traceparent',
  'tracestate',
  'b3',
  'x-b3-traceid',
  'x-b3-spanid',
  'x-b3-parentspanid',
  'x-b3-sampled',
  'x-b3-flags',
  'user-agent',
  'accept',
  'accept-encoding',
  'accept-language',
  'authorization',
  'cookie',
  'set-cookie',
  'content-type',
  'content-encoding',
  'date',
  'server',
  'cache-control',
  'location',
  'end-user',
  'proxy-authorization',
] as const

export type NameId = number

const ID = Object.fromEntries(NAMES.map((name, id) => [name, id])) as Record<(typeof NAMES)[number], NameId>

export const ID_HOST = ID.host
export const ID_CONTENT_LENGTH = ID['content-length']
export const ID_TRANSFER_ENCODING = ID['transfer-encoding']
export const ID_CONNECTION = ID.connection
export const ID_EXPECT = ID.expect
export const ID_TE = ID.te
/** Ids up to this one say something about the connection or the framing. */
export const LAST_STEERING_ID = ID.expect

/** The id of a lower-case name; 0 when it is not well-known. */
export function nameId(name: string): NameId {
  return idsByName.get(name) ?? 0
}

/** The id of a name in bytes, `hash` being `hashStep` over its lower-case characters. */
export function nameIdOf(bytes: Uint8Array, start: number, end: number, hash: number): NameId {
  for (let slot = hash & MASK; ; slot = (slot + 1) & MASK) {
    const id = slots[slot] as number
    if (id === 0) return 0
    if (hashes[id] === hash && equalsFolded(bytes, start, end, NAMES[id] as string)) return id
  }
}

/** Next value of the hash over the lower-case characters of a name; it starts at 0. */
export function hashStep(hash: number, code: number): number {
  return (Math.imul(hash, 31) + code) | 0
}

/** Each well-known name as bytes. */
export const NAMES_BYTES: readonly Uint8Array[] = NAMES.map(asciiBytes)

const MASK = 255
const idsByName = new Map<string, NameId>(NAMES.map((name, id) => [name, id] as const).slice(1))
const hashes = new Int32Array(NAMES.length)
const slots = new Uint8Array(MASK + 1)

for (let id = 1; id < NAMES.length; id++) {
  const name = NAMES[id] as string
  let hash = 0
  for (let at = 0; at < name.length; at++) hash = hashStep(hash, name.charCodeAt(at))
  hashes[id] = hash
  let slot = hash & MASK
  while (slots[slot] !== 0) slot = (slot + 1) & MASK
  slots[slot] = id
}
