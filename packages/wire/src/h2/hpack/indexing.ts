import { hashText } from './hash.ts'

/** Whether a field goes into the table; `never` forbids whoever passes it on to put it into theirs (RFC 7541 section 7.1.3). */
export type Indexing = 'with' | 'without' | 'never'

/** How a field is written, by its name (in lower case): secrets never, what hardly comes twice not at all. */
export function indexingOf(bytes: Uint8Array, nameLength: number, nameHash: number): Indexing {
  const known = BY_HASH.get(nameHash)
  if (known === undefined || known.name.length !== nameLength) return 'with'
  for (let at = 0; at < nameLength; at++) if (bytes[at] !== known.name.charCodeAt(at)) return 'with'
  return known.indexing
}

const NEVER = ['authorization', 'proxy-authorization', 'cookie', 'set-cookie']
const WITHOUT = [
  ':path',
  'x-request-id',
  'traceparent',
  'tracestate',
  'b3',
  'x-b3-traceid',
  'x-b3-spanid',
  'x-b3-parentspanid',
  'x-envoy-upstream-service-time',
  'content-length',
  'content-range',
  'range',
  'etag',
  'if-none-match',
  'if-modified-since',
  'last-modified',
  'age',
  'location',
]

interface KnownName {
  readonly name: string
  readonly indexing: Indexing
}

const BY_HASH: ReadonlyMap<number, KnownName> = new Map<number, KnownName>([
  ...NEVER.map((name): [number, KnownName] => [hashText(name), { name, indexing: 'never' }]),
  ...WITHOUT.map((name): [number, KnownName] => [hashText(name), { name, indexing: 'without' }]),
])
