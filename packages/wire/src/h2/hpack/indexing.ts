/** Whether a field goes into the table; `never` forbids whoever passes it on to put it into theirs (RFC 7541 section 7.1.3). */
export type Indexing = 'with' | 'without' | 'never'

/** How a field is written, by its name (in lower case): secrets never, what hardly comes twice not at all. */
export function indexingOf(name: string): Indexing {
  return BY_NAME.get(name) ?? 'with'
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

const BY_NAME: ReadonlyMap<string, Indexing> = new Map<string, Indexing>([
  ...NEVER.map((name): [string, Indexing] => [name, 'never']),
  ...WITHOUT.map((name): [string, Indexing] => [name, 'without']),
])
