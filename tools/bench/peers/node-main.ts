import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { Pool } from 'undici'

/** Forwards by host and prefix: `node node-main.ts PORT UPSTREAM PREFIX HOST ...`. */
const [port = '0', upstream = '0', prefix = '/', ...hosts] = process.argv.slice(2)
const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'te', 'trailer', 'proxy-connection'])

const pool = new Pool(`http://127.0.0.1:${upstream}`, { connections: 64 })
const routes = new Map(
  hosts.map((host) => [
    host,
    [
      { prefix, pool },
      { prefix: '/', pool },
    ],
  ]),
)

async function forward(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { url: path = '/', method = 'GET', headers } = request
  const route = routes.get(headers.host ?? '')?.find((one) => path.startsWith(one.prefix))
  if (route === undefined) return void response.writeHead(404).end()
  const kept = Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.has(name)))
  const sent = { ...kept, 'x-request-id': randomUUID(), 'x-forwarded-for': request.socket.remoteAddress }
  const body = headers['content-length'] === undefined && headers['transfer-encoding'] === undefined ? null : request
  const reply = await route.pool.request({ path, method: method as 'GET', headers: sent, body })
  response.writeHead(reply.statusCode, Object.fromEntries(Object.entries(reply.headers).filter(([name]) => !HOP_BY_HOP.has(name))))
  reply.body.pipe(response)
}

createServer((request, response) => {
  forward(request, response).catch(() => response.destroy())
}).listen(Number(port), '127.0.0.1')
