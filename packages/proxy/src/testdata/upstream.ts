import { createServer as createHttpServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http'
import { createServer as createTcpServer, type AddressInfo, type Server as TcpServer, type Socket } from 'node:net'

/** A server behind the proxy under test. */
export interface Upstream {
  readonly port: number
  /** Connections accepted so far. */
  readonly connections: number
  /** Requests seen so far, as `METHOD path`. */
  readonly requests: readonly string[]
  readonly sockets: ReadonlySet<Socket>
  close(): Promise<void>
}

/** A node:http server. */
export async function httpUpstream(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<Upstream> {
  const requests: string[] = []
  const listener: RequestListener = (request, response) => {
    requests.push(`${request.method ?? ''} ${request.url ?? ''}`)
    answer(request, response)
  }
  const server = createHttpServer({ keepAliveTimeout: 60_000, insecureHTTPParser: false }, listener)
  return upstreamOf(server, requests)
}

/** A server that speaks whatever the test writes. */
export async function tcpUpstream(onSocket: (socket: Socket) => void): Promise<Upstream> {
  const server = createTcpServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => undefined)
    onSocket(socket)
  })
  return upstreamOf(server, [])
}

async function upstreamOf(server: Server | TcpServer, requests: readonly string[]): Promise<Upstream> {
  const sockets = new Set<Socket>()
  let connections = 0
  server.on('connection', (socket: Socket) => {
    connections++
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    get connections() {
      return connections
    },
    requests,
    sockets,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}

/** Reads a whole request body. */
export async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}
