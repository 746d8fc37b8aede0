import { isFieldName, isFieldValue } from '@mesh/wire'

type Headers = readonly (readonly [name: string, value: string])[]

/**
 * What of a reply made here goes out beside its framing: configuration may name headers, but neither end the head early nor frame the
 * message a second time.
 */
export function ownHeaders(given: Headers, hasBody: boolean): Headers {
  const kept = given.filter(([name, value]) => !STEERING.has(name) && isFieldName(name) && isFieldValue(value))
  return hasBody && !kept.some(([name]) => name === 'content-type') ? [['content-type', 'text/plain'], ...kept] : kept
}

const STEERING: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'date',
  'keep-alive',
  'proxy-connection',
  'server',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])
