import { once } from 'node:events'
import http from 'node:http'
import http2 from 'node:http2'
import https from 'node:https'
import { connect } from 'node:net'
import { Client, credentials } from '@grpc/grpc-js'
import type { TrafficOptions } from './traffic.ts'

export interface CallerOptions {
  readonly plainPort: number
  readonly tlsPort: number
  readonly tcpPort: number
  readonly ca: Buffer
  readonly servername: string
}

const BODY = 'x'.repeat(3000)

/** One caller of each protocol, with ordinary clients of Node and gRPC. */
export function callers({ plainPort, tlsPort, tcpPort, ca, servername }: CallerOptions): readonly TrafficOptions[] {
  const plain = new http.Agent({ keepAlive: true, maxSockets: 4 })
  const secure = new https.Agent({ keepAlive: true, maxSockets: 4, ca, servername })
  const h2 = http2.connect(`https://127.0.0.1:${tlsPort}`, { ca, servername })
  h2.on('error', () => undefined)
  const grpc = new Client(`127.0.0.1:${tlsPort}`, credentials.createSsl(ca), {
    'grpc.ssl_target_name_override': servername,
    'grpc.default_authority': servername,
  })
  const at = { host: '127.0.0.1', headers: { host: servername } }
  return [
    {
      name: 'HTTP/1.1',
      lanes: 4,
      perSecond: 60,
      call: (index) => h1(http.request, { ...at, port: plainPort, agent: plain, index }),
      close: () => plain.destroy(),
    },
    {
      name: 'HTTP/1.1 TLS',
      lanes: 4,
      perSecond: 40,
      call: (index) => h1(https.request, { ...at, port: tlsPort, agent: secure, index }),
      close: () => secure.destroy(),
    },
    {
      name: 'HTTP/1.1 TLS, new',
      lanes: 1,
      perSecond: 10,
      call: (index) => h1(https.request, { ...at, port: tlsPort, agent: false, ca, servername, index }),
      close: () => undefined,
    },
    { name: 'HTTP/2 TLS', lanes: 4, perSecond: 40, call: (index) => overH2(h2, servername, index), close: () => h2.destroy() },
    { name: 'gRPC', lanes: 2, perSecond: 40, call: (index) => unary(grpc, `call ${index}`), close: () => grpc.close() },
    { name: 'TCP', lanes: 2, perSecond: 20, call: (index) => echo(tcpPort, `line ${index}`), close: () => undefined },
  ]
}

/** Calls of `url` through an HTTP proxy, as an application beside its sidecar makes them. */
export function proxied(proxy: string, url: string): TrafficOptions {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 4 })
  const { hostname, port } = new URL(proxy)
  const at = { host: hostname, port, agent, headers: { host: new URL(url).host }, prefix: url }
  return {
    name: 'mTLS',
    lanes: 4,
    perSecond: 30,
    call: (index) => h1(http.request, { ...at, index }),
    close: () => agent.destroy(),
  }
}

/** Every fourth call has a body. */
function bodyOf(index: number): string {
  return index % 4 === 0 ? BODY : ''
}

function judge(status: number | undefined, text: string, sent: string): void {
  if (status !== 200) throw new Error(`status ${status}: ${text.slice(0, 80)}`)
  if (!/^v[12] /.test(text) || !text.endsWith(` ${sent.length}`)) throw new Error(`another body: ${text.slice(0, 80)}`)
}

type H1Options = https.RequestOptions & { readonly index: number; readonly prefix?: string }

async function h1(request: typeof http.request, { index, prefix = '', ...options }: H1Options): Promise<void> {
  const sent = bodyOf(index)
  const call = request({ ...options, path: `${prefix}/call/${index}`, method: sent === '' ? 'GET' : 'POST' })
  call.end(sent)
  const [reply] = (await once(call, 'response')) as [http.IncomingMessage]
  judge(reply.statusCode, Buffer.concat((await reply.toArray()) as Buffer[]).toString(), sent)
}

async function overH2(session: http2.ClientHttp2Session, authority: string, index: number): Promise<void> {
  const sent = bodyOf(index)
  const call = session.request({ ':path': `/call/${index}`, ':authority': authority, ':method': sent === '' ? 'GET' : 'POST' })
  // A GET has ended by itself.
  if (sent !== '') call.end(sent)
  const [headers] = (await once(call, 'response')) as [http2.IncomingHttpHeaders & http2.IncomingHttpStatusHeader]
  judge(headers[':status'], Buffer.concat((await call.toArray()) as Buffer[]).toString(), sent)
}

function unary(client: Client, text: string): Promise<void> {
  const same = (bytes: Buffer): Buffer => bytes
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest('/echo.Echo/Unary', same, same, Buffer.from(text), (error, value) => {
      if (error !== null) reject(error)
      else if (String(value) !== text) reject(new Error(`another reply: ${String(value)}`))
      else resolve()
    })
  })
}

async function echo(port: number, text: string): Promise<void> {
  const socket = connect(port, '127.0.0.1')
  socket.write(text)
  let back = ''
  socket.on('data', (piece: Buffer) => {
    back += piece.toString()
    if (back.length >= text.length) socket.end()
  })
  await once(socket, 'close')
  if (back !== text) throw new Error(`another line: ${back}`)
}
