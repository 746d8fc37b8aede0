import type { IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { isOwnHost } from '@mesh/telemetry'
import { MAX_MONITORING_CONNECTIONS } from './limits.ts'

// Not by import: that loads undici as well.
const http = process.getBuiltinModule('node:http')

export interface Monitoring {
  readonly port: number
  close(): void
}

export interface MonitoringOptions {
  readonly address: string
  readonly port: number
  readonly expose: () => string
  readonly onProblem: (error: unknown) => void
}

/** Serves `/ready` and `/metrics`, to those who ask by an address; reads only. Rejects when it cannot bind. */
export function startMonitoring(options: MonitoringOptions): Promise<Monitoring> {
  const server = http.createServer((request, response) => {
    response.on('error', options.onProblem)
    const [status, body] = answer(request, options.expose)
    response.writeHead(status, HEADERS).end(body)
  })
  server.maxConnections = MAX_MONITORING_CONNECTIONS
  server.on('clientError', (_error, socket) => socket.destroy())
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, options.address, () => {
      server.off('error', reject)
      server.on('error', options.onProblem)
      resolve({
        port: (server.address() as AddressInfo).port,
        close: () => {
          server.close()
          server.closeAllConnections()
        },
      })
    })
  })
}

const HEADERS = {
  'content-type': 'text/plain; version=0.0.4; charset=utf-8',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
}

function answer(request: IncomingMessage, expose: () => string): [status: number, body: string] {
  if (request.method !== 'GET') return [405, 'only GET is allowed\n']
  if (!isOwnHost(request.headers.host)) return [403, 'ask by an address: a page of another site may have sent this\n']
  if (request.url === '/ready') return [200, 'ready\n']
  return request.url === '/metrics' ? [200, expose()] : [404, 'try /ready or /metrics\n']
}
