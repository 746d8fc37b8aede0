import type { TrailerField } from '@mesh/wire'

/**
 * What of the fields behind a body goes on. Whoever merges them into the head would otherwise be told there, behind every check, where a
 * message comes from, who sent it, or how it ends (RFC 9110 section 6.5.1).
 */
export function passable(trailers: readonly TrailerField[]): readonly TrailerField[] {
  return trailers.length === 0 ? trailers : trailers.filter(([name]) => !isHeadOnly(name))
}

function isHeadOnly(name: string): boolean {
  return HEAD_ONLY.has(name) || name.includes('_') || PREFIXES.some((prefix) => name.startsWith(prefix))
}

/** `_` is `-` to some readers. */
const PREFIXES = ['x-envoy-', 'x-forwarded-', 'proxy-', 'if-']

const HEAD_ONLY: ReadonlySet<string> = new Set([
  'authorization',
  'cache-control',
  'connection',
  'content-encoding',
  'content-length',
  'content-range',
  'content-type',
  'cookie',
  'expect',
  'forwarded',
  'host',
  'keep-alive',
  'max-forwards',
  'range',
  'set-cookie',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'x-real-ip',
  'x-request-id',
])
