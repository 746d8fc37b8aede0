import http2 from 'node:http2'
import net, { type AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { attach, Client, Server } from './testdata/ends.ts'

async function listen(server: net.Server): Promise<number> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  onTestFinished(() => void server.close())
  return (server.address() as AddressInfo).port
}

const BIG = 'x'.repeat(300_000)

test('node:http2 as a client gets replies, large bodies and trailers from our server', async () => {
  const server = new Server()
  server.answer = (stream) => {
    server.session.sendOwnReply(
      stream,
      200,
      [
        ['x-seen', stream.head.header('end-user') ?? ''],
        ['content-type', 'text/plain'],
      ],
      false,
    )
    server.send(stream, Buffer.from(server.bodies.get(stream.id) ?? 'empty', 'latin1'), false)
    const finish = (): void => {
      if (stream.waiting) return void setTimeout(finish, 1)
      server.session.endStream(stream, [['x-sum', '42']])
      socketOf.write(server.take())
    }
    setTimeout(finish, 1)
  }
  let socketOf: net.Socket
  const port = await listen(
    net.createServer((socket) => {
      socketOf = socket
      attach(socket, server)
    }),
  )
  const client = http2.connect(`http://127.0.0.1:${port}`)
  onTestFinished(() => void client.destroy())
  const ask = (body: string | undefined): Promise<readonly [number, string, string, string]> =>
    new Promise((resolve, reject) => {
      const call = client.request({
        ':path': '/a',
        ':method': body === undefined ? 'GET' : 'POST',
        'end-user': 'jason',
        cookie: 'a=1; b=2',
      })
      let text = ''
      let head: http2.IncomingHttpHeaders & http2.IncomingHttpStatusHeader = {}
      let sum = ''
      call.on('response', (headers) => (head = headers))
      call.on('trailers', (trailers) => (sum = String(trailers['x-sum'])))
      call.on('data', (piece: Buffer) => (text += piece.toString('latin1')))
      call.on('end', () => resolve([head[':status'] ?? 0, String(head['x-seen']), text, sum]))
      call.on('error', reject)
      call.end(body)
    })
  expect(await ask(undefined)).toEqual([200, 'jason', 'empty', '42'])
  expect(await Promise.all([ask('one'), ask(BIG), ask('three')])).toEqual([
    [200, 'jason', 'one', '42'],
    [200, 'jason', BIG, '42'],
    [200, 'jason', 'three', '42'],
  ])
  expect(server.told.filter((line) => line.includes('cookie: a=1; b=2'))).toHaveLength(4)
})

test('our client speaks with node:http2 as a server: bodies both ways, trailers, resets, goaway', async () => {
  const server = http2.createServer()
  server.on('stream', (stream: http2.ServerHttp2Stream, headers) => {
    stream.on('error', () => undefined)
    if (headers[':path'] === '/reset') return stream.close(http2.constants.NGHTTP2_REFUSED_STREAM)
    const pieces: Buffer[] = []
    stream.on('data', (piece: Buffer) => pieces.push(piece))
    stream.on('end', () => {
      stream.respond({ ':status': 200, 'x-te': headers.te ?? 'none' }, { waitForTrailers: true })
      stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }))
      stream.end(Buffer.concat(pieces))
    })
  })
  const port = await listen(server)
  const client = new Client()
  const socket = net.connect(port, '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  attach(socket, client)
  client.request('POST /a HTTP/1.1\nHost: a', { body: BIG, trailers: true })
  client.request('GET /b HTTP/1.1\nHost: a')
  client.request('GET /reset HTTP/1.1\nHost: a')
  socket.write(client.take())
  await expect
    .poll(() => client.told.filter((line) => / end | reset /.test(line)).sort())
    .toEqual(['1 end grpc-status=0', '3 end grpc-status=0', '5 reset REFUSED_STREAM'])
  expect(client.bodies.get(1)).toBe(BIG)
  expect(client.told).toContainEqual(expect.stringMatching(/^1 200 .*x-te: trailers/))
  expect(client.told).toContainEqual(expect.stringMatching(/^3 200 .*x-te: none/))
})
