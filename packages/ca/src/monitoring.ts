import type { IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

// Not by import: that loads undici as well.
const http = process.getBuiltinModule('node:http')

export interface Monitoring {
  readonly port: number
  close(): void
}

/** Serves `/ready` and `/metrics`; reads only. */
export function startMonitoring(options: {
  readonly address: string
  readonly port: number
  readonly expose: () => string
}): Promise<Monitoring> {
  const server = http.createServer((request, response) => {
    const [status, body] = answer(request, options.expose)
    response.writeHead(status, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }).end(body)
  })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, options.address, () =>
      resolve({
        port: (server.address() as AddressInfo).port,
        close: () => {
          server.close()
          server.closeAllConnections()
        },
      }),
    )
  })
}

function answer(request: IncomingMessage, expose: () => string): [status: number, body: string] {
  if (request.method !== 'GET') return [405, 'only GET is allowed\n']
  if (request.url === '/ready') return [200, 'ready\n']
  return request.url === '/metrics' ? [200, expose()] : [404, 'try /ready or /metrics\n']
}
