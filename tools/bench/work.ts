/** What is set up around the proxies; works with the same setup run on the same processes. */
export type Setup = 'plain' | 'mtls' | 'h2' | 'tcp' | 'fresh'

/** What a client does. */
export type LoadSpec =
  | HttpLoad
  | { readonly kind: 'exchange'; readonly bytes: number; readonly connections: number }
  | H2Load
  | { readonly kind: 'handshake'; readonly connections: number }
  | { readonly kind: 'fresh'; readonly connections: number }

/** HTTP/1.1 over connections that are kept, one request at a time on each. */
export interface HttpLoad {
  readonly kind: 'http'
  readonly bodyBytes: number
  readonly replyBytes: number
  readonly connections: number
}

/** HTTP/2 without TLS, so many streams at a time on each connection. */
export interface H2Load {
  readonly kind: 'h2'
  readonly replyBytes: number
  readonly connections: number
  readonly streams: number
  /** Unary calls of gRPC: a message of 100 bytes each way, and trailers. */
  readonly grpc: boolean
}

/** One row of the bench: how the peers are set up, and which load they take. */
export interface Work {
  readonly name: string
  readonly title: string
  readonly setup: Setup
  readonly load: LoadSpec
}

const CONNECTIONS = 64
const h2 = (replyBytes: number, grpc = false): H2Load => ({ kind: 'h2', replyBytes, connections: 10, streams: 32, grpc })
const http = (bodyBytes: number, replyBytes: number): HttpLoad => ({ kind: 'http', bodyBytes, replyBytes, connections: CONNECTIONS })

/** All rows, in the order in which they run. */
export const WORKS: readonly Work[] = [
  { name: 'get', title: 'HTTP/1.1 GET, 128 B', setup: 'plain', load: http(0, 128) },
  { name: 'post', title: 'HTTP/1.1 POST, 1 KiB', setup: 'plain', load: http(1024, 128) },
  { name: 'get-100k', title: 'HTTP/1.1 GET, 100 KiB', setup: 'plain', load: http(0, 102_400) },
  { name: 'mtls-get', title: 'mTLS pair, GET 128 B', setup: 'mtls', load: http(0, 128) },
  { name: 'mtls-post', title: 'mTLS pair, POST 1 KiB', setup: 'mtls', load: http(1024, 128) },
  { name: 'mtls-get-100k', title: 'mTLS pair, GET 100 KiB', setup: 'mtls', load: http(0, 102_400) },
  {
    name: 'handshake',
    title: 'full mutual handshake and one GET, server side',
    setup: 'mtls',
    load: { kind: 'handshake', connections: 8 },
  },
  { name: 'h2-100', title: 'HTTP/2 in and out, 100 B', setup: 'h2', load: h2(100) },
  { name: 'h2-10k', title: 'HTTP/2 in and out, 10 KiB', setup: 'h2', load: h2(10_240) },
  { name: 'grpc', title: 'gRPC unary, 100 B each way', setup: 'h2', load: h2(100, true) },
  { name: 'tcp', title: 'opaque TCP, exchange of 128 B', setup: 'tcp', load: { kind: 'exchange', bytes: 128, connections: CONNECTIONS } },
  { name: 'fresh', title: 'start to ready; 1,000 idle connections', setup: 'fresh', load: { kind: 'fresh', connections: 1000 } },
]

/** The rows that `--only` names: a row, or all of a setup; several with commas; a sentence where it names none. */
export function worksNamed(only: string | undefined): readonly Work[] | string {
  if (only === undefined) return WORKS
  const names = only.split(',')
  const unknown = names.filter((name) => !WORKS.some((work) => work.name === name || work.setup === name))
  if (unknown.length > 0) return `There is no row ${unknown.join(', ')}; there are ${WORKS.map(({ name }) => name).join(', ')}.`
  return WORKS.filter((work) => names.includes(work.name) || names.includes(work.setup))
}
