import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { isOwnHost } from '@mesh/telemetry'
import { LIMITS } from '../limits.ts'
import { text, type AdminReply, type AdminRoute } from './routes.ts'

// Not by import: that loads undici as well.
const { createServer } = process.getBuiltinModule('node:http')

/** A small HTTP server for people and scrapers, apart from the data path. */
export interface AdminServer {
  readonly address: string
  readonly port: number
  /** What a successor can take over; undefined where the system has none to show. */
  readonly descriptor: number | undefined
  close(): Promise<void>
}

export interface AdminOptions {
  readonly address: string
  readonly port: number
  readonly routes: readonly AdminRoute[]
  /** Refuse requests whose Host is a name: a browser page that rebinds its own name to loopback would be one. */
  readonly hostCheck: boolean
  /** A socket that listens already, left by a predecessor. */
  readonly inherited?: number | undefined
  readonly onFault: (error: unknown) => void
}

/** Listens, or rejects with the reason. */
export async function startAdmin(options: AdminOptions): Promise<AdminServer> {
  const server = createServer(BOUNDS, (request, response) => {
    request.on('error', () => undefined).resume()
    response.on('error', () => undefined)
    void guarded(options, request).then((reply) => send(request, response, reply))
  })
  server.maxConnections = LIMITS.adminConnections
  await listen(server, options)
  server.on('error', options.onFault)
  const { address, port } = server.address() as AddressInfo
  return { address, port, descriptor: descriptorOf(server), close: () => close(server) }
}

async function guarded(options: AdminOptions, request: IncomingMessage): Promise<AdminReply> {
  try {
    return await answer(options, request)
  } catch (error) {
    options.onFault(error)
    return text('This page could not be made; the log says why.', 500)
  }
}

function answer(options: AdminOptions, request: IncomingMessage): AdminReply | Promise<AdminReply> {
  if (options.hostCheck && !isOwnHost(request.headers.host)) return text('Address this interface by its IP address or as localhost.', 403)
  const [path = '/', search = ''] = (request.url ?? '/').split('?', 2)
  if (path === '/' || path === '/help') return text(help(options.routes))
  const there = options.routes.filter((route) => route.path === path)
  if (there.length === 0) return text(`There is no ${path} here.\n\n${help(options.routes)}`, 404)
  const method = request.method === 'HEAD' ? 'GET' : request.method
  const route = there.find((candidate) => candidate.method === method)
  if (route === undefined) return text(`${path} takes ${there.map((candidate) => candidate.method).join(' or ')}.`, 405)
  if (route.method === 'POST' && isCrossSite(request)) return text('A page of another site may not change this proxy.', 403)
  return route.answer({ path, query: new URLSearchParams(search) })
}

function isCrossSite(request: IncomingMessage): boolean {
  const { origin } = request.headers
  return origin !== undefined && origin !== `http://${request.headers.host ?? ''}`
}

function help(routes: readonly AdminRoute[]): string {
  return routes.map((route) => `${route.method.padEnd(4)} ${route.path.padEnd(20)} ${route.help}`).join('\n')
}

function send(request: IncomingMessage, response: ServerResponse, reply: AdminReply): void {
  response.writeHead(reply.status, {
    'content-type': reply.type,
    'content-length': Buffer.byteLength(reply.body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  })
  response.end(request.method === 'HEAD' ? undefined : reply.body)
}

/** Node shows it at its own handle alone. */
function descriptorOf(server: Server): number | undefined {
  const fd = (server as unknown as { readonly _handle?: { readonly fd?: number } })._handle?.fd
  return fd === undefined || fd < 0 ? undefined : fd
}

function listen(server: Server, { address, port, inherited }: AdminOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(inherited === undefined ? { host: address, port } : { fd: inherited }, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

/** Whoever sends nothing must not hold one of the few connections for long; Node looks at its bounds twice a minute unless told. */
const BOUNDS = { maxHeaderSize: 16 * 1024, headersTimeout: 5_000, requestTimeout: 10_000, connectionsCheckingInterval: 1_000 }
