import http2 from 'node:http2'
import type { AddressInfo } from 'node:net'
import { open } from './open.ts'

/** A server of HTTP/2 without TLS, by node:http2, closed behind the test. */
export async function h2Upstream(
  answer: (stream: http2.ServerHttp2Stream, headers: http2.IncomingHttpHeaders) => void,
  settings: http2.Settings = {},
): Promise<{ readonly port: number; readonly sessions: Set<http2.ServerHttp2Session>; readonly opened: () => number }> {
  const sessions = new Set<http2.ServerHttp2Session>()
  let opened = 0
  const server = http2.createServer({ settings })
  server.on('session', (session) => {
    opened++
    sessions.add(session)
    session.on('close', () => sessions.delete(session))
    session.on('error', () => undefined)
  })
  server.on('stream', (stream: http2.ServerHttp2Stream, headers) => {
    stream.on('error', () => undefined)
    answer(stream, headers)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  open.push({
    close: () => {
      for (const session of sessions) session.destroy()
      server.close()
    },
  })
  return { port: (server.address() as AddressInfo).port, sessions, opened: () => opened }
}

/** A client of HTTP/2 without TLS, by node:http2, closed behind the test. */
export function h2Client(port: number): http2.ClientHttp2Session {
  const client = http2.connect(`http://127.0.0.1:${port}`)
  client.on('error', () => undefined)
  open.push({ close: () => client.destroy() })
  return client
}

export interface H2Answer {
  readonly status: number
  readonly headers: http2.IncomingHttpHeaders
  readonly body: string
  readonly trailers: http2.IncomingHttpHeaders
}

/** One request; rejects when it has no whole answer. */
export function h2Ask(
  client: http2.ClientHttp2Session,
  headers: http2.OutgoingHttpHeaders,
  body?: string | Buffer,
  trailers?: http2.OutgoingHttpHeaders,
): Promise<H2Answer> {
  return new Promise((resolve, reject) => {
    const call = client.request({ ':authority': 'reviews:9080', ...headers }, { waitForTrailers: trailers !== undefined })
    let head: http2.IncomingHttpHeaders = {}
    let behind: http2.IncomingHttpHeaders = {}
    const pieces: Buffer[] = []
    call.on('wantTrailers', () => call.sendTrailers(trailers ?? {}))
    call.on('response', (got) => (head = got))
    call.on('trailers', (got) => (behind = got))
    call.on('data', (piece: Buffer) => pieces.push(piece))
    call.on('error', reject)
    call.on('end', () =>
      resolve({ status: Number(head[':status'] ?? 0), headers: head, body: Buffer.concat(pieces).toString('latin1'), trailers: behind }),
    )
    call.end(body)
  })
}

/** Reads the body of a stream. */
export async function h2BodyOf(stream: http2.ServerHttp2Stream): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of stream) pieces.push(piece as Buffer)
  return Buffer.concat(pieces)
}
