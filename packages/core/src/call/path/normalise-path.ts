import type { PathNormalization } from '../../view/listener.ts'

/**
 * Brings a request target into the form that routing, authorization and the upstream all see; the query stays as it is.
 * Usually (Istio `pathNormalization: BASE`) `\` becomes `/`, percent-encoded unreserved characters are decoded and dot segments
 * resolved; `how` says more or less than that.
 * Undefined when the target must be refused: a fragment, a space, a control character, `%00` or broken percent-encoding in the path.
 */
export function normalisePath(target: string, how?: PathNormalization): string | undefined {
  if (isNormal(target, how)) return target
  const mark = target.indexOf('?')
  const path = mark < 0 ? target : target.slice(0, mark)
  const query = mark < 0 ? '' : target.slice(mark)
  if (query.includes('#') || !path.startsWith('/')) return undefined
  if (how === 'none') return hasForbidden(path) ? undefined : target
  const unescaped = how === 'decode-and-merge-slashes' ? path.replace(/%2f|%5c/gi, '/') : path
  const decoded = decodeUnreserved(unescaped.replaceAll('\\', '/'))
  if (decoded === undefined) return undefined
  const resolved = resolveDots(decoded)
  return (how === undefined ? resolved : resolved.replace(/\/{2,}/g, '/')) + query
}

/** Nothing to do: the usual case, seen in one pass. */
function isNormal(target: string, how: PathNormalization | undefined): boolean {
  if (target === '*') return true
  if (target.charCodeAt(0) !== SLASH) return false
  let path = true
  for (let index = 0; index < target.length; index++) {
    const code = target.charCodeAt(index)
    if (isForbidden(code)) return false
    if (!path) continue
    if (code === QUESTION) path = false
    else if (code === PERCENT || code === BACKSLASH) return false
    else if ((code === DOT || (code === SLASH && how !== undefined)) && target.charCodeAt(index - 1) === SLASH) return false
  }
  return true
}

/** A fragment, a space or a control character. */
function isForbidden(code: number): boolean {
  return code === HASH || code <= 0x20 || code === 0x7f
}

function hasForbidden(path: string): boolean {
  for (let index = 0; index < path.length; index++) if (isForbidden(path.charCodeAt(index))) return true
  return false
}

const SLASH = 0x2f
const HASH = 0x23
const QUESTION = 0x3f
const PERCENT = 0x25
const BACKSLASH = 0x5c
const DOT = 0x2e

/** RFC 3986 §6.2.2.2; other escapes keep their bytes with upper-case digits. */
function decodeUnreserved(path: string): string | undefined {
  if (hasForbidden(path)) return undefined
  let bad = false
  const decoded = path.replace(/%(.{0,2})/g, (written, hex: string) => {
    if (!/^[0-9a-fA-F]{2}$/.test(hex) || hex === '00') bad = true
    const char = String.fromCharCode(Number.parseInt(hex, 16))
    return /[A-Za-z0-9._~-]/.test(char) ? char : written.toUpperCase()
  })
  return bad ? undefined : decoded
}

/** RFC 3986 §5.2.4; empty segments stay. */
function resolveDots(path: string): string {
  if (!path.includes('/.')) return path
  const kept: string[] = []
  const segments = path.split('/').slice(1)
  segments.forEach((segment, index) => {
    const last = index === segments.length - 1
    if (segment === '..') kept.pop()
    if (segment !== '.' && segment !== '..') kept.push(segment)
    else if (last) kept.push('')
  })
  return `/${kept.join('/')}`
}
