import { isAuthority } from './authority.ts'
import type { H1ErrorCode } from './h1-error.ts'
import { equalsFolded } from './text.ts'

/** The four forms of a request target (RFC 9112 section 3.2). */
export type TargetForm = 'origin' | 'absolute' | 'authority' | 'asterisk'

/** Where a target's parts are; offsets relative to the message. */
export interface TargetParts {
  readonly targetStart: number
  readonly targetEnd: number
  targetForm: TargetForm
  pathStart: number
  pathEnd: number
  authorityStart: number
  authorityEnd: number
  scheme: string
}

/** Splits the target between `targetStart` and `targetEnd`. */
export function readTarget(source: Uint8Array, base: number, parts: TargetParts, method: string): H1ErrorCode | undefined {
  const start = base + parts.targetStart
  const end = base + parts.targetEnd
  parts.pathStart = parts.targetStart
  parts.pathEnd = parts.targetEnd
  if (method === 'CONNECT') return readAuthorityForm(source, base, parts)
  if (source[start] === SLASH) {
    parts.targetForm = 'origin'
    return undefined
  }
  if (source[start] === STAR && end - start === 1) {
    parts.targetForm = 'asterisk'
    return method === 'OPTIONS' ? undefined : 'bad-target'
  }
  return readAbsoluteForm(source, base, parts)
}

/** Host and port, both. */
function readAuthorityForm(source: Uint8Array, base: number, parts: TargetParts): H1ErrorCode | undefined {
  parts.targetForm = 'authority'
  parts.authorityStart = parts.targetStart
  parts.authorityEnd = parts.targetEnd
  const start = base + parts.targetStart
  const end = base + parts.targetEnd
  const last = source[end - 1] as number
  const endsInPort = last >= 48 && last <= 57 && source.lastIndexOf(COLON, end - 1) > start
  return endsInPort && isAuthority(source, start, end) ? undefined : 'bad-target'
}

function readAbsoluteForm(source: Uint8Array, base: number, parts: TargetParts): H1ErrorCode | undefined {
  const start = base + parts.targetStart
  const end = base + parts.targetEnd
  const https = equalsFolded(source, start, start + 8, 'https://')
  if (!https && !equalsFolded(source, start, start + 7, 'http://')) return 'bad-target'
  const from = start + (https ? 8 : 7)
  let at = from
  while (at < end && source[at] !== SLASH && source[at] !== QUESTION) at++
  if (at > end || !isAuthority(source, from, at)) return 'bad-target'
  parts.targetForm = 'absolute'
  parts.scheme = https ? 'https' : 'http'
  parts.authorityStart = from - base
  parts.authorityEnd = at - base
  parts.pathStart = at - base
  return undefined
}

const SLASH = 47
const STAR = 42
const QUESTION = 63
const COLON = 58
