import fc from 'fast-check'
import { expect, test } from 'vitest'
import { requestHead, Client, exchange, Server } from './testdata/ends.ts'
import { ReplyHead } from '../h1/reply-head.ts'
import type { RequestHead } from '../h1/request-head.ts'
import { H1_LIMITS, H2_LIMITS } from '../limits.ts'
import { FRAME, H2_ERROR, PREFACE } from './protocol.ts'
import type { H2Stream } from './stream.ts'

const latin = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1')
const replyHead = (text: string) => {
  const head = new ReplyHead(H1_LIMITS)
  const bytes = Buffer.from(`${text.replaceAll('\n', '\r\n')}\r\n\r\n`)
  expect(head.read(bytes, 0, bytes.length)).toBe(bytes.length)
  return head
}

interface Ends {
  readonly client: Client
  readonly server: Server
}

function connected(limits: ConstructorParameters<typeof Server>[0] = {}): Ends {
  const ends = { client: new Client(), server: new Server(limits) }
  exchange(ends.client, ends.server)
  return ends
}

test.each([1, 7, 1000])('requests and replies pass, with bodies and trailers, %d bytes at a time', (step) => {
  const client = new Client()
  const server = new Server()
  server.answer = (stream) => {
    server.session.sendReply(stream, replyHead('HTTP/1.1 200 OK\nContent-Type: text/plain'), false)
    server.send(stream, Buffer.from('fine'), false)
    server.session.endStream(stream, [['grpc-status', '0']])
  }
  client.request('POST /a?b=1 HTTP/1.1\nHost: Reviews:9080\nEnd-User: jason\nContent-Length: 5\nConnection: close', {
    body: 'hello',
    trailers: true,
  })
  exchange(client, server, step)
  expect(server.told).toEqual(['1 POST reviews:9080/a?b=1 HTTP/2 (length) | end-user: jason | content-length: 5', '1 end'])
  expect(server.bodies.get(1)).toBe('hello')
  expect(client.told).toEqual(['1 200 (chunked) | content-type: text/plain', '1 end grpc-status=0'])
  expect(client.bodies.get(1)).toBe('fine')
  expect([client.session.streams.size, server.session.streams.size]).toEqual([0, 0])
})

test('a large body waits for the windows, and arrives whole', () => {
  const { client, server } = connected()
  const body = 'x'.repeat(3_000_000)
  const stream = client.request('POST / HTTP/1.1\nHost: a', { body })
  expect(stream.sendWindow).toBe(0)
  exchange(client, server)
  expect(server.bodies.get(1)).toBe(body)
  expect(server.told.at(-1)).toBe('1 end')
})

test.each([
  ['takes back', ({ client }: Ends, id: number) => client.session.reset(client.session.streams.get(id) as never, 'CANCEL')],
  ['abandons', ({ server }: Ends, id: number) => server.session.reset(server.session.streams.get(id) as never, 'CANCEL')],
  [
    'answers without reading',
    ({ client, server }: Ends, id: number) => {
      client.session.endStream(client.session.streams.get(id) as never)
      exchange(client, server)
      server.session.sendOwnReply(server.session.streams.get(id) as never, 200, [], true)
    },
  ],
])('what came for a stream that one end %s leaves the window of the connection to the others', (_what, over) => {
  const ends = connected()
  const { client, server } = ends
  server.onData = () => undefined
  for (let call = 0; call < 40; call++) {
    const stream = client.session.request(requestHead('POST / HTTP/1.1\nHost: a'), { scheme: 'http', endStream: false, trailers: false })
    expect(client.session.sendData(stream, Buffer.alloc(60_000))).toBe(60_000)
    exchange(client, server)
    over(ends, stream.id)
    exchange(client, server)
  }
  expect([client.session.fault, server.session.fault, client.session.streams.size]).toEqual([undefined, undefined, 0])
})

test('what is consumed behind the end of its stream is not given twice', () => {
  const { client, server } = connected()
  const kept: [H2Stream<RequestHead>, number][] = []
  server.onData = (stream, lent) => void kept.push([stream, lent.length])
  for (let call = 0; call < 30; call++) {
    client.request('POST / HTTP/1.1\nHost: a', { body: 'x'.repeat(50_000) })
    exchange(client, server)
    server.session.sendOwnReply(server.session.streams.get(1 + call * 2) as never, 200, [], true)
    exchange(client, server)
    for (const [stream, bytes] of kept.splice(0)) server.session.consumed(stream, bytes)
  }
  exchange(client, server)
  // Far more than the window, were it as wide as what was given twice.
  const streams = Array.from({ length: 40 }, () => client.request('POST / HTTP/1.1\nHost: a', { body: 'x'.repeat(60_000) }))
  const sent = streams.reduce((sum, { sendWindow }) => sum + 65_536 - sendWindow, 0)
  expect(sent).toBeLessThanOrEqual(H2_LIMITS.connectionWindow)
})

test('a long body one way is no flood, though every piece of it opens windows', () => {
  const { client, server } = connected()
  let received = 0
  server.onData = (stream, lent) => {
    received += lent.length
    server.session.consumed(stream, lent.length)
  }
  const stream = client.session.request(requestHead('POST / HTTP/1.1\nHost: a'), { scheme: 'http', endStream: false, trailers: false })
  const piece = Buffer.alloc(32 * 1024)
  const pieces = 2100
  for (let count = 0; count < pieces; count++) {
    expect(client.session.sendData(stream, piece)).toBe(piece.length)
    exchange(client, server)
  }
  expect(client.session.fault).toBeUndefined()
  expect(received).toBe(pieces * piece.length)
})

test('who is told of a head that ends its stream can see that nothing follows it', () => {
  const { client, server } = connected()
  server.onHead = (stream) => {
    server.told.push(`${stream.id} ${stream.state}`)
    server.session.sendOwnReply(stream, 200, [], stream.id === 1)
  }
  client.onHead = (stream) => void client.told.push(`${stream.id} ${stream.state}`)
  client.request('GET / HTTP/1.1\nHost: a')
  client.request('GET / HTTP/1.1\nHost: a')
  exchange(client, server)
  expect(server.told).toEqual(['1 half-closed-remote', '3 half-closed-remote', '3 end'])
  expect(client.told).toEqual(['1 closed', '1 end', '3 half-closed-local'])
})

test('a reply without a body tells its length to HTTP/1.1; one to HEAD keeps the length that it names', () => {
  const { client, server } = connected()
  server.answer = (stream) =>
    server.session.sendOwnReply(stream, 200, stream.head.method === 'HEAD' ? [['content-length', '12']] : [], true)
  client.request('GET / HTTP/1.1\nHost: a')
  client.request('HEAD / HTTP/1.1\nHost: a')
  exchange(client, server)
  expect(client.told).toEqual(['1 200 (length) | content-length: 0', '1 end', '3 200 (none) | content-length: 12', '3 end'])
})

test('what may stand in no table goes on as such, and everything else as it likes', () => {
  const secret = (name: string) =>
    Buffer.concat([Uint8Array.of(0x10, name.length), Buffer.from(name), Uint8Array.of(3), Buffer.from('abc')])
  const block = Buffer.concat([literal(...GET), secret('x-secret'), literal(['x-plain', 'abc'])])
  const ahead = new Server()
  ahead.session.read(Buffer.concat([Buffer.from(PREFACE), SETTINGS, frame(FRAME.headers, 4, 1, block)]), 0)
  ahead.session.read(frame(FRAME.headers, 5, 1, Buffer.concat([secret('x-sum'), literal(['x-more', 'abc'])])), 0)
  const client = new Client()
  const behind = new Server()
  client.session.request(requestHead('GET /warm HTTP/1.1\nHost: a\nX-Secret: abc'), { scheme: 'http', endStream: true, trailers: false })
  for (const stream of [...ahead.session.streams.values()]) {
    const next = client.session.request(stream.head, { scheme: 'http', endStream: false, trailers: true })
    client.session.endStream(next, stream.trailers)
  }
  const seen: [string, string[]][] = []
  behind.onEnd = ({ head, trailers }) =>
    void seen.push([[...(head.neverIndexed ?? [])].join(), trailers.filter(([, , never]) => never).map(([name]) => name)])
  exchange(client, behind)
  expect(seen).toEqual([
    ['', []],
    ['x-secret', ['x-sum']],
  ])
})

test('extended CONNECT is an upgrade, and its 200 the switch', () => {
  const { client, server } = connected()
  const stream = client.request('GET /chat HTTP/1.1\nHost: a\nUpgrade: websocket\nConnection: Upgrade', { body: '', protocol: 'websocket' })
  exchange(client, server)
  expect(server.told[0]).toBe('1 GET a/chat HTTP/2 (none) | connection: upgrade | upgrade: websocket')
  server.session.sendOwnReply(server.session.streams.get(stream.id) as never, 200, [], false)
  exchange(client, server)
  expect(client.told[0]).toMatch(/^1 101 \(raw\)/)
})

test('cookies in pieces are one line; interim replies come before the reply', () => {
  const { client, server } = connected()
  server.answer = (stream) => {
    server.session.sendOwnReply(stream, 103, [['link', '</a>']], false)
    server.session.sendOwnReply(stream, 204, [], true)
  }
  client.request('GET / HTTP/1.1\nHost: a\nCookie: a=1\nCookie: b=2')
  exchange(client, server)
  expect(server.told[0]).toContain('cookie: a=1; b=2')
  expect(client.told).toEqual(['1 103 (none) | link: </a>', '1 204 (none)', '1 end'])
})

test('no more streams than were allowed; those that are over make room', () => {
  const { client, server } = connected({ maxConcurrentStreams: 2 })
  client.request('GET /1 HTTP/1.1\nHost: a')
  client.request('GET /2 HTTP/1.1\nHost: a')
  expect(client.session.available).toBe(false)
  server.answer = (stream) => server.session.sendOwnReply(stream, 200, [], true)
  exchange(client, server)
  expect(client.session.available).toBe(true)
})

test('an orderly end lets streams under way finish and takes no more', () => {
  const { client, server } = connected()
  client.request('GET / HTTP/1.1\nHost: a', { body: 'x' })
  server.session.drain()
  exchange(client, server)
  expect(client.session.available).toBe(false)
  expect(client.told).toContain('goaway NO_ERROR')
  server.session.sendOwnReply(server.session.streams.get(1) as never, 200, [], true)
  exchange(client, server)
  expect(client.told).toContain('1 end')
})

test.each([
  ['the client has answered', ({ client, server }: Ends) => exchange(client, server)],
  ['nobody waits for its answer any longer', ({ server }: Ends) => server.session.endDrain()],
])('behind an orderly end streams are served until %s, then refused', (_when, settle) => {
  const ends = connected()
  const { client, server } = ends
  server.answer = (stream) => server.session.sendOwnReply(stream, 200, [], true)
  client.session.drain()
  server.session.drain()
  client.request('GET / HTTP/1.1\nHost: a\nX-Remembered: by-both-tables')
  server.session.read(client.take(), 0)
  settle(ends)
  client.request('GET / HTTP/1.1\nHost: a\nX-Remembered: by-both-tables\nX-New: 1', { body: 'on its way' })
  client.request('GET / HTTP/1.1\nHost: a\nX-Remembered: by-both-tables\nX-New: 1')
  exchange(client, server)
  expect(server.told.filter((line) => line.startsWith('3') || line.startsWith('5'))).toEqual([])
  expect(client.told).toEqual(expect.arrayContaining(['1 end', '3 reset REFUSED_STREAM', '5 reset REFUSED_STREAM']))
  expect([client.session.fault, server.session.fault]).toEqual([undefined, undefined])
})

test('what the server never saw is told apart: REFUSED_STREAM', () => {
  const { client } = connected()
  client.request('GET / HTTP/1.1\nHost: a')
  client.take()
  client.session.read(frame(FRAME.goaway, 0, 0, '00000000 00000000'), 0)
  expect(client.told[0]).toBe('1 reset REFUSED_STREAM')
})

const hex = (text: string) => Uint8Array.from(text.replaceAll(/\s/g, '').match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
function frame(type: number, flags: number, streamId: number, payload: string | Uint8Array): Uint8Array {
  const body = typeof payload === 'string' ? hex(payload) : payload
  return Buffer.concat([Uint8Array.of(body.length >> 16, body.length >> 8, body.length, type, flags, 0, 0, streamId >> 8, streamId), body])
}
const SETTINGS = frame(FRAME.settings, 0, 0, '')
const literal = (...fields: readonly (readonly [string, string])[]) =>
  Buffer.concat(
    fields.map(([name, value]) =>
      Buffer.concat([Uint8Array.of(0, name.length), Buffer.from(name), Uint8Array.of(value.length), Buffer.from(value, 'latin1')]),
    ),
  )
const GET = [
  [':method', 'GET'],
  [':scheme', 'http'],
  [':path', '/'],
  [':authority', 'a'],
] as const

function served(...frames: readonly Uint8Array[]): Server {
  const server = new Server()
  server.session.read(Buffer.concat([Buffer.from(PREFACE), SETTINGS, ...frames]), 0)
  return server
}

test.each<[string, readonly (readonly [string, string])[]]>([
  ['upper case', [...GET, ['X-A', '1']]],
  ['a line break in a value', [...GET, ['x-a', '1\r\nx-b: 2']]],
  [
    'a line break in the path',
    [
      [':method', 'GET'],
      [':scheme', 'http'],
      [':path', '/ HTTP/1.1\r\nx: y'],
      [':authority', 'a'],
    ],
  ],
  [
    'a blank in the method',
    [
      [':method', 'GET /evil'],
      [':scheme', 'http'],
      [':path', '/'],
      [':authority', 'a'],
    ],
  ],
  [
    'an absolute path',
    [
      [':method', 'GET'],
      [':scheme', 'http'],
      [':path', 'http://evil/'],
      [':authority', 'a'],
    ],
  ],
  [
    'a fragment',
    [
      [':method', 'GET'],
      [':scheme', 'http'],
      [':path', '/#x'],
      [':authority', 'a'],
    ],
  ],
  ['two paths', [...GET, [':path', '/b']]],
  [
    'a pseudo field behind others',
    [
      [':method', 'GET'],
      ['x', '1'],
      [':scheme', 'http'],
      [':path', '/'],
      [':authority', 'a'],
    ],
  ],
  ['an unknown pseudo field', [...GET, [':x', '1']]],
  ['a pseudo field of replies', [...GET, [':status', '200']]],
  [
    'no scheme',
    [
      [':method', 'GET'],
      [':path', '/'],
      [':authority', 'a'],
    ],
  ],
  [
    'no authority',
    [
      [':method', 'GET'],
      [':scheme', 'http'],
      [':path', '/'],
    ],
  ],
  ['a host that is another', [...GET, ['host', 'b']]],
  ['two hosts', [...GET, ['host', 'a'], ['host', 'a']]],
  [
    'a user in the authority',
    [
      [':method', 'GET'],
      [':scheme', 'http'],
      [':path', '/'],
      [':authority', 'u@a'],
    ],
  ],
  ['connection', [...GET, ['connection', 'close']]],
  ['a transfer coding', [...GET, ['transfer-encoding', 'chunked']]],
  ['te that is not trailers', [...GET, ['te', 'gzip']]],
  ['two lengths', [...GET, ['content-length', '0'], ['content-length', '0']]],
  ['a length that is none', [...GET, ['content-length', '+1']]],
  ['a length without a body', [...GET, ['content-length', '1']]],
  ['an empty name', [...GET, ['', '1']]],
  ['a blank behind a value', [...GET, ['x', '1 ']]],
])('a request with %s is refused', (_what, fields) => {
  const server = served(frame(FRAME.headers, 5, 1, literal(...fields)))
  expect(server.told.filter((line) => !/^(refused|1 reset)/.test(line))).toEqual([])
  expect(latin(server.take())).toContain(latin(frame(FRAME.rstStream, 0, 1, `0000000${H2_ERROR.PROTOCOL_ERROR}`)))
  expect(server.session.fault).toBeUndefined()
})

test.each<[string, readonly Uint8Array[], keyof typeof H2_ERROR]>([
  ['no SETTINGS first', [frame(FRAME.ping, 0, 0, '0000000000000000')], 'PROTOCOL_ERROR'],
  [
    'a frame between the pieces of a block',
    [SETTINGS, frame(FRAME.headers, 1, 1, literal(...GET)), frame(FRAME.ping, 0, 0, '0000000000000000')],
    'PROTOCOL_ERROR',
  ],
  ['CONTINUATION without a beginning', [SETTINGS, frame(FRAME.continuation, 4, 1, '')], 'PROTOCOL_ERROR'],
  ['an even id', [SETTINGS, frame(FRAME.headers, 5, 2, literal(...GET))], 'PROTOCOL_ERROR'],
  [
    'an id that is over',
    [SETTINGS, frame(FRAME.headers, 5, 3, literal(...GET)), frame(FRAME.headers, 5, 1, literal(...GET))],
    'STREAM_CLOSED',
  ],
  ['DATA for a stream that was never begun', [SETTINGS, frame(FRAME.data, 0, 1, '00')], 'PROTOCOL_ERROR'],
  ['a push', [SETTINGS, frame(FRAME.pushPromise, 4, 1, '00000002')], 'PROTOCOL_ERROR'],
  ['a PING of seven bytes', [SETTINGS, frame(FRAME.ping, 0, 0, '00000000000000')], 'FRAME_SIZE_ERROR'],
  ['a SETTINGS frame for a stream', [SETTINGS, frame(FRAME.settings, 0, 1, '')], 'PROTOCOL_ERROR'],
  ['a window that grows by nothing', [SETTINGS, frame(FRAME.windowUpdate, 0, 0, '00000000')], 'PROTOCOL_ERROR'],
  ['a window that grows too large', [SETTINGS, frame(FRAME.windowUpdate, 0, 0, '7fffffff')], 'FLOW_CONTROL_ERROR'],
  ['a window that is too large from the start', [frame(FRAME.settings, 0, 0, '0004 80000000')], 'FLOW_CONTROL_ERROR'],
  ['a block that cannot be decoded', [SETTINGS, frame(FRAME.headers, 5, 1, 'ff')], 'COMPRESSION_ERROR'],
  [
    'padding as long as its frame',
    [SETTINGS, frame(FRAME.headers, 4, 1, literal(...GET)), frame(FRAME.data, 8, 1, '02 00')],
    'PROTOCOL_ERROR',
  ],
])('%s ends the connection', (_what, frames, code) => {
  const server = new Server()
  expect(server.session.read(Buffer.concat([Buffer.from(PREFACE), ...frames]), 0)).toBe(false)
  expect(server.session.fault?.code).toBe(code)
  const goaway = latin(server.take()).slice(-17)
  expect(goaway.charCodeAt(3)).toBe(FRAME.goaway)
  expect(goaway.charCodeAt(16)).toBe(H2_ERROR[code])
})

test('no preface, no connection', () => {
  expect(new Server().session.read(Buffer.from('GET / HTTP/1.1\r\n\r\n'), 0)).toBe(false)
})

test('a body that is longer or shorter than it said is never complete', () => {
  const head = (length: string) => frame(FRAME.headers, 4, 1, literal(...GET, ['content-length', length]))
  expect(served(head('2'), frame(FRAME.data, 1, 1, '000000')).told.at(-1)).toMatch(/^1 reset PROTOCOL_ERROR/)
  expect(served(head('2'), frame(FRAME.data, 1, 1, '00')).told.at(-1)).toMatch(/^1 reset PROTOCOL_ERROR/)
  expect(served(head('2'), frame(FRAME.data, 1, 1, '0000')).told.at(-1)).toBe('1 end')
})

test('who waits for 100 is known, whether it tells the length of its body or not', () => {
  const expecting = [...GET, ['expect', '100-continue']] as const
  const server = new Server()
  const waits: boolean[] = []
  server.onHead = (stream) => void waits.push(stream.head.expectContinue)
  const heads = [
    frame(FRAME.headers, 4, 1, literal(...expecting)),
    frame(FRAME.headers, 4, 3, literal(...expecting, ['content-length', '1'])),
    frame(FRAME.headers, 5, 5, literal(...expecting)),
  ]
  server.session.read(Buffer.concat([Buffer.from(PREFACE), SETTINGS, ...heads]), 0)
  expect(waits).toEqual([true, true, false])
})

test('padding is read away', () => {
  const server = served(
    frame(FRAME.headers, 0xc, 1, Buffer.concat([Uint8Array.of(3), literal(...GET), Buffer.alloc(3)])),
    frame(FRAME.data, 9, 1, '02 6869 0000'),
  )
  expect(server.told).toEqual(['1 GET a/ HTTP/2 (chunked)', '1 end'])
  expect(server.bodies.get(1)).toBe('hi')
})

test('trailers may not frame a message, and must end it', () => {
  const head = frame(FRAME.headers, 4, 1, literal(...GET))
  expect(served(head, frame(FRAME.headers, 5, 1, literal(['x-sum', '1']))).told.at(-1)).toBe('1 end x-sum=1')
  expect(served(head, frame(FRAME.headers, 4, 1, literal(['x-sum', '1']))).told.at(-1)).toMatch(/reset PROTOCOL_ERROR/)
  expect(served(head, frame(FRAME.headers, 5, 1, literal(['content-length', '1']))).told.at(-1)).toMatch(/reset PROTOCOL_ERROR/)
  expect(served(head, frame(FRAME.headers, 5, 1, literal([':path', '/']))).told.at(-1)).toMatch(/reset PROTOCOL_ERROR/)
})

test('too many fields are answered with 431, and cost the stream only', () => {
  const many = Array.from({ length: 110 }, (_, at) => [`x-${at}`, '1'] as const)
  const server = served(frame(FRAME.headers, 5, 1, literal(...GET, ...many)), frame(FRAME.headers, 5, 3, literal(...GET)))
  expect(server.told).toEqual(['refused ENHANCE_YOUR_CALM', '3 GET a/ HTTP/2 (none)', '3 end'])
})

const repeat = (count: number, of: (index: number) => Uint8Array) => Array.from({ length: count }, (_, index) => of(index))
test.each<[string, readonly Uint8Array[]]>([
  ['PING', repeat(2000, () => frame(FRAME.ping, 0, 0, '0000000000000000'))],
  ['SETTINGS', repeat(2000, () => SETTINGS)],
  ['empty DATA', [frame(FRAME.headers, 4, 1, literal(...GET)), ...repeat(2000, () => frame(FRAME.data, 0, 1, ''))]],
  ['PRIORITY', repeat(2000, () => frame(FRAME.priority, 0, 1, '00000003 00'))],
  ['WINDOW_UPDATE', repeat(2000, () => frame(FRAME.windowUpdate, 0, 0, '00000001'))],
  ['unknown frames', repeat(2000, () => frame(0x77, 0, 0, ''))],
  [
    'streams that are reset at once',
    repeat(600, (at) =>
      Buffer.concat([frame(FRAME.headers, 5, 1 + 2 * at, literal(...GET)), frame(FRAME.rstStream, 0, 1 + 2 * at, '00000008')]),
    ),
  ],
  [
    'streams that make us reset them',
    repeat(600, (at) =>
      Buffer.concat([frame(FRAME.headers, 4, 1 + 2 * at, literal(...GET)), frame(FRAME.windowUpdate, 0, 1 + 2 * at, '00000000')]),
    ),
  ],
  ['CONTINUATION', [frame(FRAME.headers, 1, 1, literal(...GET)), ...repeat(20, () => frame(FRAME.continuation, 0, 1, ''))]],
])('a flood of %s ends the connection', (_what, frames) => {
  expect(served(...frames).session.fault?.code).toBe('ENHANCE_YOUR_CALM')
})

test('small frames now and then are no flood', () => {
  const server = served()
  for (let second = 1; second < 4000; second++)
    expect(server.session.read(frame(FRAME.ping, 0, 0, '0000000000000000'), second * 1000)).toBe(true)
})

test('many requests in a row are no flood', () => {
  const { client, server } = connected()
  server.answer = (stream) => server.session.sendOwnReply(stream, 200, [], true)
  for (let count = 0; count < 5000; count++) {
    client.request('GET / HTTP/1.1\nHost: a')
    exchange(client, server)
  }
  expect([client.session.fault, server.session.fault, client.told.length]).toEqual([undefined, undefined, 10_000])
})

test('what is on its way for a stream that was reset changes nothing', () => {
  const { client, server } = connected()
  const stream = client.request('POST / HTTP/1.1\nHost: a', { body: 'hello', trailers: true })
  exchange(client, server)
  const there = server.session.streams.get(1)
  if (there !== undefined) server.session.sendOwnReply(there, 200, [], false)
  client.session.reset(stream, 'CANCEL')
  exchange(client, server)
  expect([client.session.fault, server.session.fault]).toEqual([undefined, undefined])
  expect(server.told.at(-1)).toBe('1 reset CANCEL')
})

test('any bytes are read or refused, without an exception', () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 100 }),
    fc
      .record({
        type: fc.integer({ min: 0, max: 11 }),
        flags: fc.integer({ min: 0, max: 255 }),
        id: fc.integer({ min: 0, max: 7 }),
        payload: fc.uint8Array({ maxLength: 40 }),
      })
      .map(({ type, flags, id, payload }) => frame(type, flags, id, payload)),
    fc.constant(frame(FRAME.headers, 4, 1, literal(...GET))),
    fc.constant(frame(FRAME.headers, 5, 3, literal(...GET))),
  )
  fc.assert(
    fc.property(fc.array(bytes, { maxLength: 20 }), fc.boolean(), (pieces, asServer) => {
      const end = asServer ? new Server() : new Client()
      if (!asServer) (end as Client).request('GET / HTTP/1.1\nHost: a', { body: 'x' })
      end.session.read(asServer ? Buffer.concat([Buffer.from(PREFACE), SETTINGS]) : SETTINGS, 0)
      for (const piece of pieces) if (!end.session.read(piece, 0)) break
      expect(end.session.fault === undefined || end.session.streams.size === 0).toBe(true)
    }),
    { numRuns: 3000 },
  )
})

test('random conversations arrive as they were sent, however they are cut', () => {
  const body = fc.string({ maxLength: 2000 }).map((text) => Buffer.from(text).toString('latin1'))
  fc.assert(
    fc.property(fc.array(fc.tuple(body, body), { minLength: 1, maxLength: 8 }), fc.integer({ min: 1, max: 4000 }), (calls, step) => {
      const client = new Client({ streamWindow: 1000 })
      const server = new Server({ streamWindow: 700 })
      const replies = new Map(calls.map(([, reply], index) => [1 + index * 2, reply]))
      server.answer = (stream) => {
        server.session.sendOwnReply(stream, 200, [], false)
        server.send(stream, Buffer.from(replies.get(stream.id) ?? '', 'latin1'), true)
        if (replies.get(stream.id) === '') server.session.endStream(stream)
      }
      for (const [request] of calls) client.request('POST / HTTP/1.1\nHost: a', request === '' ? {} : { body: request })
      exchange(client, server, step)
      for (const [index, [request, reply]] of calls.entries()) {
        expect(server.bodies.get(1 + index * 2) ?? '').toBe(request)
        expect(client.bodies.get(1 + index * 2) ?? '').toBe(reply)
      }
      expect(client.told.filter((line) => line.endsWith('end'))).toHaveLength(calls.length)
    }),
  )
})

test('the head of a test is one', () => expect(requestHead('GET / HTTP/1.1\nHost: a').authority).toBe('a'))
