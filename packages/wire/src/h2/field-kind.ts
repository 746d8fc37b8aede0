import { FOLDED_TOKEN } from '../h1/characters.ts'
import { equalsExactly } from '../h1/text.ts'

/** What the name of a field means in HTTP/2. */
export const KIND = {
  /** No name at all: upper case is refused, not mended (RFC 9113 section 8.2.1). */
  malformed: 1,
  /** Fields that HTTP/2 does not carry (RFC 9113 section 8.2.2). */
  connection: 2,
  ordinary: 3,
  cookie: 4,
  te: 5,
  host: 6,
  contentLength: 7,
  /** From here on with a colon. */
  unknownPseudo: 8,
  method: 9,
  scheme: 10,
  path: 11,
  authority: 12,
  protocol: 13,
  status: 14,
} as const

export function kindOf(bytes: Uint8Array, start: number, end: number): number {
  const pseudo = bytes[start] === COLON
  if (!pseudo && !isLowerToken(bytes, start, end)) return KIND.malformed
  for (const [name, kind] of NAMED_BY_LENGTH[end - start] ?? NONE) if (equalsExactly(bytes, start, end, name)) return kind
  return pseudo ? KIND.unknownPseudo : KIND.ordinary
}

const COLON = 58

const NAMED: readonly (readonly [name: string, kind: number])[] = [
  ['connection', KIND.connection],
  ['transfer-encoding', KIND.connection],
  ['keep-alive', KIND.connection],
  ['proxy-connection', KIND.connection],
  ['upgrade', KIND.connection],
  ['cookie', KIND.cookie],
  ['te', KIND.te],
  ['host', KIND.host],
  ['content-length', KIND.contentLength],
  [':method', KIND.method],
  [':scheme', KIND.scheme],
  [':path', KIND.path],
  [':authority', KIND.authority],
  [':protocol', KIND.protocol],
  [':status', KIND.status],
]

const NONE: typeof NAMED = []
const NAMED_BY_LENGTH: readonly (typeof NAMED)[] = Array.from({ length: 20 }, (_, length) =>
  NAMED.filter(([name]) => name.length === length),
)

function isLowerToken(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number
    if (FOLDED_TOKEN[byte] !== byte || byte === 0) return false
  }
  return end > start
}
