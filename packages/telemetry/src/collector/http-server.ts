import type { IncomingMessage, Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzip } from 'node:zlib'
import { LIMITS } from '../limits.ts'
import { isOwnHost } from '../pages/own-host.ts'

// Not by import: that loads undici as well.
const http = process.getBuiltinModule('node:http')

export interface HttpReply {
  readonly status: number
  readonly type: string
  readonly body: string
}

export interface HttpRequest {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  header(name: string): string | undefined
  /** The whole body, unzipped; undefined when it is larger than the bound or cannot be read. */
  text(): Promise<string | undefined>
}

export interface HttpServer {
  readonly port: number
  close(): Promise<void>
}

export interface HttpServerOptions {
  readonly address: string
  readonly port: number
  readonly answer: (request: HttpRequest) => Promise<HttpReply>
  readonly onFault: (error: unknown) => void
}

/** A small HTTP server with bounds; a fault of `answer` becomes 500. Resolves when bound, rejects when it cannot be. */
export function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const server = http.createServer({ headersTimeout: LIMITS.httpHeadMs, requestTimeout: LIMITS.httpRequestMs }, (incoming, outgoing) => {
    outgoing.on('error', options.onFault)
    void reply(incoming, options).then(({ status, type, body }) => {
      outgoing.writeHead(status, { 'content-type': type, 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' }).end(body)
    }, options.onFault)
  })
  server.maxConnections = LIMITS.httpConnections
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, options.address, () => {
      server.off('error', reject)
      server.on('error', options.onFault)
      resolve({ port: (server.address() as AddressInfo).port, close: () => stop(server) })
    })
  })
}

/** A plain-text answer of one sentence. */
export function textReply(status: number, sentence: string): HttpReply {
  return { status, type: 'text/plain; charset=utf-8', body: `${sentence}\n` }
}

export function jsonReply(value: unknown, status = 200): HttpReply {
  return { status, type: 'application/json', body: JSON.stringify(value) }
}

async function reply(incoming: IncomingMessage, options: HttpServerOptions): Promise<HttpReply> {
  try {
    if (isForeign(incoming)) return textReply(403, 'ask by an IP address or localhost: a page of another site may have sent this')
    return await options.answer(requestOf(incoming))
  } catch (error) {
    options.onFault(error)
    return textReply(500, 'this could not be answered')
  }
}

/** A browser can be led to a loopback address by a name that is not ours (DNS rebinding); its reads are refused. */
function isForeign({ method, headers, socket }: IncomingMessage): boolean {
  const local = socket.localAddress ?? ''
  if (method === 'POST' || !(local.startsWith('127.') || local === '::1' || local.startsWith('::ffff:127.'))) return false
  return !isOwnHost(headers.host)
}

function requestOf(incoming: IncomingMessage): HttpRequest {
  const target = incoming.url ?? '/'
  const cut = target.indexOf('?')
  return {
    method: incoming.method ?? '',
    path: cut < 0 ? target : target.slice(0, cut),
    query: new URLSearchParams(cut < 0 ? '' : target.slice(cut + 1)),
    header: (name) => [incoming.headers[name]].flat()[0],
    text: () => readText(incoming),
  }
}

async function readText(incoming: IncomingMessage): Promise<string | undefined> {
  const bytes = await readBytes(incoming)
  const encoding = incoming.headers['content-encoding'] ?? 'identity'
  if (bytes === undefined || encoding === 'identity') return bytes?.toString()
  return encoding === 'gzip' ? unzip(bytes) : undefined
}

function readBytes(incoming: IncomingMessage): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const pieces: Buffer[] = []
    let bytes = 0
    incoming.on('data', (piece: Buffer) => {
      bytes += piece.length
      if (bytes <= LIMITS.collectorBodyBytes) pieces.push(piece)
      else resolve(undefined)
    })
    incoming.on('end', () => resolve(Buffer.concat(pieces)))
    incoming.on('error', () => resolve(undefined))
    incoming.on('close', () => resolve(undefined))
  })
}

function unzip(bytes: Buffer): Promise<string | undefined> {
  return new Promise((resolve) => {
    gunzip(bytes, { maxOutputLength: LIMITS.collectorBodyBytes }, (error, plain) => resolve(error === null ? plain.toString() : undefined))
  })
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
