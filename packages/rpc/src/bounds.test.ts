import { connect as connectHttp2, type ClientHttp2Session, type ClientHttp2Stream, type IncomingHttpHeaders } from 'node:http2'
import { connect as connectTcp, type Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import { create, toBinary } from './protobuf/index.ts'
import { afterEach, expect, test, vi } from 'vitest'
import { dial, type RpcChannel } from './channel.ts'
import { AggregatedDiscoveryService } from './gen/envoy/service/discovery/v3/ads_pb.ts'
import { DiscoveryRequestSchema } from './gen/envoy/service/discovery/v3/discovery_pb.ts'
import { Health, HealthCheckResponse_ServingStatus } from './gen/grpc/health/v1/health_pb.ts'
import { MAX_REQUEST_MESSAGES, MAX_STATUS_MESSAGE_CHARS } from './limits.ts'
import { RpcError } from './rpc-error.ts'
import { serve, type RefusedCall, type ServeOptions } from './server.ts'
import { implement, type RpcService } from './service.ts'
import type { Svid } from '@mesh/core/identity'
import { testAuthority, testSvidSource } from './testdata/pki.ts'

const SERVER_ID = 'spiffe://cluster.local/ns/istio-system/sa/istio-pilot'
const CLIENT_ID = 'spiffe://cluster.local/ns/default/sa/reviews'
const { SERVING } = HealthCheckResponse_ServingStatus
const ADS = AggregatedDiscoveryService.method.streamAggregatedResources

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  vi.restoreAllMocks()
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function start(services: readonly RpcService[], options: Partial<ServeOptions> = {}) {
  const refused: RefusedCall[] = []
  const errors: unknown[] = []
  const server = await serve({
    address: '127.0.0.1',
    port: 0,
    services,
    onError: (error) => errors.push(error),
    onRefused: (reason) => refused.push(reason),
    ...options,
  })
  cleanups.push(() => server.close(0))
  return { server, refused, errors, address: `127.0.0.1:${server.port}` }
}

function open(options: Parameters<typeof dial>[0]): RpcChannel {
  const channel = dial(options)
  cleanups.push(() => channel.close())
  return channel
}

const health = implement(Health, { check: () => ({ status: SERVING }) })
/** Streams that answer nothing and end when their caller ends. */
const quiet = implement(AggregatedDiscoveryService, {
  streamAggregatedResources: (writer) => ({ onMessage: () => {}, onEnd: () => writer.end(), onClose: () => {} }),
})

function tcp(port: number): { readonly socket: Socket; readonly closed: Promise<void> } {
  const socket = connectTcp(port, '127.0.0.1').resume()
  socket.on('error', () => {})
  cleanups.push(() => socket.destroy())
  return { socket, closed: new Promise((resolve) => socket.on('close', () => resolve())) }
}

function closeOf(channel: RpcChannel): Promise<RpcError | undefined> {
  return new Promise((resolve) => channel.stream(ADS, { onMessage: () => {}, onClose: resolve }))
}

const halves = ['\ud800', '😀'.repeat(MAX_STATUS_MESSAGE_CHARS), `x${'😀'.repeat(MAX_STATUS_MESSAGE_CHARS)}`]

test.each(halves)(
  'half a character in a reason reaches the caller of a unary call as a status, and nothing breaks (%#)',
  async (reason) => {
    const { address, errors } = await start([
      implement(Health, {
        check: () => {
          throw new RpcError('UNAUTHENTICATED', reason)
        },
      }),
    ])
    await expect(open({ address }).unary(Health.method.check, {})).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
    expect(errors).toEqual([])
  },
)

test.each(halves)('half a character in a reason reaches the caller of a stream as a status, and nothing breaks (%#)', async (reason) => {
  const refusing = implement(AggregatedDiscoveryService, {
    streamAggregatedResources: () => {
      throw new RpcError('UNAUTHENTICATED', reason)
    },
  })
  const { address, errors } = await start([refusing])
  expect(await closeOf(open({ address }))).toMatchObject({ code: 'UNAUTHENTICATED' })
  expect(errors).toEqual([])
})

test('a connection that is one too many is closed, and there is room again when one has gone', async () => {
  const { server, refused, address } = await start([health], { limits: { maxConnections: 2 } })
  const first = tcp(server.port)
  tcp(server.port)
  await tcp(server.port).closed
  expect(refused).toEqual(['connections'])
  first.socket.destroy()
  await vi.waitUntil(
    () =>
      open({ address })
        .unary(Health.method.check, {})
        .then(Boolean, () => false),
    { timeout: 10_000 },
  )
})

test('a connection that makes no call is closed, whether it finished its handshake or not; one that has called stays', async () => {
  const authority = testAuthority()
  const { server, refused, address } = await start([health], {
    identity: testSvidSource(authority.issue(SERVER_ID)),
    limits: { firstCallMs: 100 },
  })
  const channel = open({ address, identity: testSvidSource(authority.issue(CLIENT_ID)), expect: [SERVER_ID] })
  await channel.unary(Health.method.check, {})
  await tcp(server.port).closed
  expect(refused).toEqual(['silent'])
  expect(channel.state).toBe('ready')
})

test('one identity has its bound of calls, and the others go on', async () => {
  const authority = testAuthority()
  const { address, refused } = await start([quiet], {
    identity: testSvidSource(authority.issue(SERVER_ID)),
    limits: { maxCallsPerIdentity: 2, maxCalls: 3 },
  })
  const as = (id: string) => open({ address, identity: testSvidSource(authority.issue(id)), expect: [SERVER_ID] })
  const [greedy, other, third] = [as(CLIENT_ID), as(`${CLIENT_ID}-2`), as(`${CLIENT_ID}-3`)]
  const held = [greedy, greedy].map((channel) => channel.stream(ADS, { onMessage: () => {}, onClose: () => {} }))
  expect(await closeOf(as(CLIENT_ID))).toMatchObject({ code: 'RESOURCE_EXHAUSTED', message: expect.stringContaining(CLIENT_ID) })
  other.stream(ADS, { onMessage: () => {}, onClose: () => {} })
  expect(await closeOf(third)).toMatchObject({ code: 'RESOURCE_EXHAUSTED', message: 'more than 3 calls at once' })
  expect(refused).toEqual(['identity-calls', 'calls'])
  for (const stream of held) stream.cancel()
  const again = Promise.withResolvers<RpcError | undefined>()
  await vi.waitUntil(async () => {
    const stream = third.stream(ADS, { onMessage: () => {}, onClose: again.resolve })
    stream.end()
    return (await again.promise) === undefined
  })
})

test('a certificate that has expired meanwhile proves nothing any more', async () => {
  const authority = testAuthority()
  const seen: (string | undefined)[] = []
  const service = implement(Health, { check: (_request, { peer }) => (seen.push(peer.principal), { status: SERVING }) })
  const { address } = await start([service], { identity: testSvidSource(authority.issue(SERVER_ID)) })
  const channel = open({ address, identity: testSvidSource(authority.issue(CLIENT_ID)), expect: [SERVER_ID] })
  await channel.unary(Health.method.check, {})
  const later = Date.now() + 2 * 24 * 3_600_000
  vi.spyOn(Date, 'now').mockReturnValue(later)
  await channel.unary(Health.method.check, {})
  expect(seen).toEqual([CLIENT_ID, undefined])
})

const odd: readonly (readonly [string, (authority: ReturnType<typeof testAuthority>) => Svid, string | undefined])[] = [
  ['two ids', (authority) => authority.issue(CLIENT_ID, SERVER_ID), undefined],
  ['an id and a web address', (authority) => authority.issue(CLIENT_ID, 'https://cluster.local/'), undefined],
  ['an id with a NUL inside', (authority) => authority.issue(`${CLIENT_ID}\0.evil.example`), undefined],
  ['an id with a line feed inside', (authority) => authority.issue(`${CLIENT_ID}\n`), undefined],
  ['no id', (authority) => authority.issue(), undefined],
  ['the right to sign others', (authority) => authority.issueSigning(CLIENT_ID), undefined],
  ['its scheme in capitals', (authority) => authority.issue(CLIENT_ID.replace('spiffe', 'SPIFFE')), undefined],
  ['its trust domain in capitals', (authority) => authority.issue('spiffe://CLUSTER.LOCAL/x'), 'spiffe://CLUSTER.LOCAL/x'],
  ['a detour', (authority) => authority.issue('spiffe://a/ns/x/../y'), 'spiffe://a/ns/x/../y'],
]

test.each(odd)(
  'a certificate of our own root with %s proves nothing but what it says, letter by letter',
  async (_what, issue, principal) => {
    const authority = testAuthority()
    const seen: (string | undefined)[] = []
    const service = implement(Health, { check: (_request, { peer }) => (seen.push(peer.principal), { status: SERVING }) })
    const { address } = await start([service], { identity: testSvidSource(authority.issue(SERVER_ID)) })
    const channel = open({ address, identity: testSvidSource(issue(authority)), expect: [SERVER_ID] })
    await channel.unary(Health.method.check, {}).catch((error: unknown) => seen.push(error instanceof RpcError ? undefined : 'broken'))
    expect(seen).toEqual([principal])
  },
)

test('a peer that does not take the end of its call loses its connection', async () => {
  const reply = { resources: [{ typeUrl: 'x', value: new Uint8Array(1 << 20) }] }
  const full = implement(AggregatedDiscoveryService, {
    streamAggregatedResources: (writer) => ({
      onMessage: () => {
        writer.write(reply)
        writer.end(new RpcError('RESOURCE_EXHAUSTED', 'too much'))
      },
      onClose: () => {},
    }),
  })
  const { server, refused } = await start([full], { limits: { endGraceMs: 100 } })
  const session = connectHttp2(`http://127.0.0.1:${server.port}`)
  cleanups.push(() => session.destroy())
  const closed = new Promise<void>((resolve) => session.on('close', () => resolve()))
  session.on('error', () => {})
  ask(session).pause()
  await closed
  expect(refused).toEqual(['stuck'])
})

test('compressed messages are refused before they are unpacked and told, and plain ones of the same connection are not', async () => {
  let messages = 0
  const counting = implement(AggregatedDiscoveryService, {
    streamAggregatedResources: (writer) => ({ onMessage: () => (messages++, writer.end()), onClose: () => {} }),
  })
  const { server, refused } = await start([counting])
  const session = connectHttp2(`http://127.0.0.1:${server.port}`)
  cleanups.push(() => session.destroy())
  const statusOf = async (stream: ClientHttp2Stream): Promise<string> => {
    const headers = await new Promise<IncomingHttpHeaders>((resolve) => {
      stream.on('response', (head) => head['grpc-status'] !== undefined && resolve(head))
      stream.on('trailers', resolve)
    })
    return String(headers['grpc-status'])
  }
  for (const encoding of ['gzip', 'deflate', 'x'])
    expect(await statusOf(ask(session, { 'grpc-encoding': encoding }, gzipSync('a'.repeat(1 << 20)))), encoding).toBe('12')
  expect([messages, refused]).toEqual([0, ['compressed', 'compressed', 'compressed']])
  expect(await statusOf(ask(session).resume())).toBe('0')
  expect([messages, refused.length]).toEqual([1, 3])
})

test('a request of more messages than one may have ends its call before anybody sees it', async () => {
  let messages = 0
  const counting = implement(AggregatedDiscoveryService, {
    streamAggregatedResources: (writer) => ({ onMessage: () => (messages++, writer.end()), onClose: () => {} }),
  })
  const { address } = await start([counting])
  const asked = async (details: number) => {
    const ended = Promise.withResolvers<RpcError | undefined>()
    const stream = open({ address }).stream(ADS, { onMessage: () => {}, onClose: ended.resolve })
    stream.write({ errorDetail: { details: Array.from({ length: details }, () => ({})) } })
    return (await ended.promise)?.code
  }
  expect([await asked(MAX_REQUEST_MESSAGES), messages]).toEqual(['INTERNAL', 0])
  expect([await asked(MAX_REQUEST_MESSAGES - 2), messages]).toEqual([undefined, 1])
})

/** Opens a discovery stream and asks once; the answer waits to be read. */
function ask(session: ClientHttp2Session, headers: Record<string, string> = {}, compressed?: Buffer): ClientHttp2Stream {
  const stream = session.request({
    ':method': 'POST',
    ':path': `/${AggregatedDiscoveryService.typeName}/StreamAggregatedResources`,
    'content-type': 'application/grpc',
    te: 'trailers',
    ...headers,
  })
  stream.on('error', () => {})
  const bytes = compressed ?? toBinary(DiscoveryRequestSchema, create(DiscoveryRequestSchema, { typeUrl: 'x' }))
  const head = Buffer.alloc(5)
  head[0] = compressed === undefined ? 0 : 1
  head.writeUInt32BE(bytes.length, 1)
  stream.write(Buffer.concat([head, bytes]))
  return stream
}

test('a server ends although connections are left that never spoke', async () => {
  const { server } = await start([health])
  const { closed } = tcp(server.port)
  await open({ address: `127.0.0.1:${server.port}` }).unary(Health.method.check, {})
  await server.close(0)
  await expect(closed).resolves.toBeUndefined()
})
