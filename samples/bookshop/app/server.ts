import type { IncomingMessage, OutgoingHttpHeaders, Server, ServerResponse } from 'node:http'

// An import of node:http asks for all that it exports and so loads fetch too, which takes longer than all else of a service's start.
const { createServer } = process.getBuiltinModule('node:http')

export interface Reply {
  readonly status: number
  readonly body: unknown
  readonly headers?: OutgoingHttpHeaders
}

export type Handler = (request: IncomingMessage, url: URL) => Promise<Reply> | Reply

/** Serves JSON on $HOST:$PORT until SIGTERM, answering each request with what the handler returns. */
export function serve(handler: Handler): Server {
  const server = createServer((request, response) => {
    answer(request, handler)
      .catch((error: unknown): Reply => ({ status: 500, body: { error: String(error) } }))
      .then((reply) => send(response, reply))
      .catch((error: unknown) => response.destroy(error instanceof Error ? error : new Error(String(error))))
  })
  server.keepAliveTimeout = 75_000
  server.listen(Number(process.env['PORT'] ?? 9080), process.env['HOST'] ?? '127.0.0.1')
  process.once('SIGTERM', () => {
    server.close(() => process.exit(0))
    server.closeIdleConnections()
  })
  return server
}

async function answer(request: IncomingMessage, handler: Handler): Promise<Reply> {
  return handler(request, new URL(request.url ?? '/', 'http://service'))
}

function send(response: ServerResponse, reply: Reply): void {
  const text = typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body)
  response.writeHead(reply.status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text), ...reply.headers })
  response.end(text)
}

/** The body of a request as text; more than 64 KiB is refused. */
export async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const piece of request) {
    text += String(piece)
    if (text.length > 65_536) throw new Error('the body is too long')
  }
  return text
}
