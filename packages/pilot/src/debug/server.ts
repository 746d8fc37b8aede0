import type { IncomingMessage, ServerResponse } from 'node:http'
import { isOwnHost } from '@mesh/telemetry'
import { LIMITS } from '../limits.ts'
import { reasonOf, type Log } from '../log.ts'
import { pageAt, type DebugFacts, type Page } from './pages.ts'

// Not by import: that loads undici as well.
const { createServer } = process.getBuiltinModule('node:http')

export interface DebugServer {
  readonly port: number
  close(): Promise<void>
}

export interface DebugServerOptions {
  /** IP literal. */
  readonly address: string
  /** 0 takes a free one. */
  readonly port: number
  readonly facts: DebugFacts
  readonly log: Log
}

/** Serves the debug and metrics pages. Rejects when it cannot bind. */
export function startDebugServer({ address, port, facts, log }: DebugServerOptions): Promise<DebugServer> {
  const server = createServer((request, response) => {
    response.on('error', () => {})
    const began = performance.now()
    const page = answer(request, facts, log)
    facts.records.onPage({ path: request.url ?? '/', status: page.status, ms: performance.now() - began })
    send(response, page)
  })
  server.maxConnections = LIMITS.maxRequestsOfDebug
  server.on('clientError', (_error, socket) => socket.destroy())
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host: address, port }, () => {
      server.off('error', reject)
      server.on('error', (error) => log('error', 'debug server', { reason: reasonOf(error) }))
      const bound = server.address()
      const close = (): Promise<void> => new Promise((done) => void (server.close(() => done()), server.closeAllConnections()))
      resolve({ port: typeof bound === 'object' && bound !== null ? bound.port : port, close })
    })
  })
}

function answer(request: IncomingMessage, facts: DebugFacts, log: Log): Page {
  if (request.method !== 'GET' && request.method !== 'HEAD') return plain(405, 'only GET\n')
  if (!isOwnHost(request.headers.host)) return plain(403, 'pages of pilot are asked for by its address\n')
  const path = request.url ?? '/'
  if (!URL.canParse(path, 'http://pilot')) return plain(400, 'not a path\n')
  try {
    return pageAt(new URL(path, 'http://pilot'), facts) ?? plain(404, 'no such page\n')
  } catch (error) {
    log('error', 'debug page', { path, reason: reasonOf(error) })
    return plain(500, 'the page could not be made\n')
  }
}

function send(response: ServerResponse, page: Page): void {
  response.writeHead(page.status, { 'content-type': page.type, 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
  response.end(page.body)
}

function plain(status: number, body: string): Page {
  return { status, type: 'text/plain; charset=utf-8', body }
}
