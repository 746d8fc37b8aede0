import { afterEach, expect, test } from 'vitest'
import { dial, type DialOptions, type RpcChannel } from './channel.ts'
import { AggregatedDiscoveryService } from './gen/envoy/service/discovery/v3/ads_pb.ts'
import { Health } from './gen/grpc/health/v1/health_pb.ts'
import { HealthCheckResponse_ServingStatus } from './gen/grpc/health/v1/health_pb.ts'
import { RpcError } from './rpc-error.ts'
import { serve, type ServeOptions } from './server.ts'
import { implement, type RpcContext, type RpcPeer, type RpcService } from './service.ts'
import { testAuthority, testSvidSource } from './testdata/pki.ts'

const SERVER_ID = 'spiffe://cluster.local/ns/istio-system/sa/istio-pilot'
const CLIENT_ID = 'spiffe://cluster.local/ns/default/sa/reviews'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function start(options: Partial<ServeOptions> & { services: readonly RpcService[] }) {
  const errors: unknown[] = []
  const server = await serve({ address: '127.0.0.1', port: 0, onError: (error) => errors.push(error), ...options })
  cleanups.push(() => server.close(0))
  return { errors, address: `127.0.0.1:${server.port}` }
}

function open(options: DialOptions): RpcChannel {
  const channel = dial(options)
  cleanups.push(() => channel.close())
  return channel
}

/** Answers SERVING and remembers who asked. */
function health(peers: RpcPeer[], answer: (context: RpcContext) => void = () => {}): RpcService {
  return implement(Health, {
    check: (_request, context) => {
      peers.push(context.peer)
      answer(context)
      return { status: HealthCheckResponse_ServingStatus.SERVING }
    },
  })
}

test('a unary call takes plain objects and returns the reply', async () => {
  const peers: RpcPeer[] = []
  const { address } = await start({ services: [health(peers)] })
  const reply = await open({ address }).unary(Health.method.check, { service: 'x' })
  expect(reply.status).toBe(HealthCheckResponse_ServingStatus.SERVING)
  expect(peers).toMatchObject([{ address: '127.0.0.1', principal: undefined }])
})

test('with mutual TLS both sides know each other by SPIFFE id', async () => {
  const authority = testAuthority()
  const peers: RpcPeer[] = []
  const { address } = await start({ services: [health(peers)], identity: testSvidSource(authority.issue(SERVER_ID)) })
  await open({ address, identity: testSvidSource(authority.issue(CLIENT_ID)), expect: [SERVER_ID] }).unary(Health.method.check, {})
  expect(peers).toMatchObject([{ principal: CLIENT_ID }])
})

test('a server with another SPIFFE id is refused by the client', async () => {
  const authority = testAuthority()
  const peers: RpcPeer[] = []
  const { address } = await start({ services: [health(peers)], identity: testSvidSource(authority.issue(CLIENT_ID)) })
  const call = open({ address, identity: testSvidSource(authority.issue(CLIENT_ID)), expect: [SERVER_ID] }).unary(Health.method.check, {})
  await expect(call).rejects.toMatchObject({ code: 'UNAVAILABLE', message: expect.stringContaining(CLIENT_ID) })
  expect(peers).toEqual([])
})

test('a client without a certificate, or with a foreign one, is refused', async () => {
  const authority = testAuthority()
  const foreign = { ...testAuthority('other root').issue(CLIENT_ID), rootsPem: authority.rootPem }
  const peers: RpcPeer[] = []
  const { address } = await start({ services: [health(peers)], identity: testSvidSource(authority.issue(SERVER_ID)) })
  const without = open({ address, rootsPem: authority.rootPem, expect: [SERVER_ID] })
  const withForeign = open({ address, identity: testSvidSource(foreign), expect: [SERVER_ID] })
  for (const channel of [without, withForeign])
    await expect(channel.unary(Health.method.check, {})).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  expect(peers).toEqual([])
})

test('where client certificates are optional, none and a foreign one both mean no principal', async () => {
  const authority = testAuthority()
  const foreign = { ...testAuthority('other root').issue(CLIENT_ID), rootsPem: authority.rootPem }
  const peers: RpcPeer[] = []
  const { address } = await start({
    services: [health(peers)],
    identity: testSvidSource(authority.issue(SERVER_ID)),
    clientCert: 'optional',
  })
  await open({ address, rootsPem: authority.rootPem, expect: [SERVER_ID] }).unary(Health.method.check, {})
  await open({ address, identity: testSvidSource(foreign), expect: [SERVER_ID] }).unary(Health.method.check, {})
  await open({ address, identity: testSvidSource(authority.issue(CLIENT_ID)), expect: [SERVER_ID] }).unary(Health.method.check, {})
  expect(peers.map((peer) => peer.principal)).toEqual([undefined, undefined, CLIENT_ID])
})

test('TLS without the ids to expect is a mistake that is said at once', () => {
  expect(() => dial({ address: '127.0.0.1:1', rootsPem: 'x' })).toThrow(TypeError)
})

test('a renewed SVID serves new connections while an open stream lives on', async () => {
  const authority = testAuthority()
  const renewed = 'spiffe://cluster.local/ns/istio-system/sa/renewed'
  const identity = testSvidSource(authority.issue(SERVER_ID))
  const echo = implement(AggregatedDiscoveryService, {
    streamAggregatedResources: (writer) => ({
      onMessage: (request) => void writer.write({ nonce: request.responseNonce }),
      onEnd: () => writer.end(),
      onClose: () => {},
    }),
  })
  const { address } = await start({ services: [echo, health([])], identity })
  const client = testSvidSource(authority.issue(CLIENT_ID))
  const stream = echoStream(open({ address, identity: client, expect: [SERVER_ID] }))
  expect(await stream.ask('before')).toBe('before')
  identity.set(authority.issue(renewed))
  await open({ address, identity: client, expect: [renewed] }).unary(Health.method.check, {})
  expect(await stream.ask('after')).toBe('after')
  stream.end()
  expect(await stream.closed).toBeUndefined()
})

test('a handler chooses its status; what else it throws stays inside', async () => {
  const { address, errors } = await start({
    services: [
      health([], (context) => {
        if (context.header('who') === 'stranger') throw new RpcError('PERMISSION_DENIED', 'not you')
        throw new Error('secret detail')
      }),
    ],
  })
  const channel = open({ address })
  await expect(channel.unary(Health.method.check, {}, { headers: { who: 'stranger' } })).rejects.toMatchObject({
    code: 'PERMISSION_DENIED',
    message: 'not you',
  })
  expect(errors).toEqual([])
  await expect(channel.unary(Health.method.check, {})).rejects.toMatchObject({ code: 'INTERNAL', message: 'internal error' })
  expect(errors).toHaveLength(1)
})

test('a stream that its handler refuses ends with that status, and a listener that throws ends only its stream', async () => {
  const service = implement(AggregatedDiscoveryService, {
    streamAggregatedResources: () => ({
      onMessage: () => {
        throw new Error('broken listener')
      },
      onClose: () => {},
    }),
    deltaAggregatedResources: () => {
      throw new RpcError('UNAUTHENTICATED', 'who are you')
    },
  })
  const { address, errors } = await start({ services: [service, health([])] })
  const channel = open({ address })
  const refused = Promise.withResolvers<RpcError | undefined>()
  channel.stream(AggregatedDiscoveryService.method.deltaAggregatedResources, { onMessage: () => {}, onClose: refused.resolve })
  expect(await refused.promise).toMatchObject({ code: 'UNAUTHENTICATED', message: 'who are you' })
  const broken = echoStream(channel)
  void broken.ask('x')
  expect(await broken.closed).toMatchObject({ code: 'INTERNAL' })
  expect(errors).toHaveLength(1)
  await channel.unary(Health.method.check, {})
})

test('a message above the limit is refused', async () => {
  const { address } = await start({ services: [health([])], limits: { maxReceiveBytes: 1000 } })
  const call = open({ address }).unary(Health.method.check, { service: 'x'.repeat(2000) })
  await expect(call).rejects.toMatchObject({ code: 'RESOURCE_EXHAUSTED' })
})

test('a stream to a server that is not there ends as unavailable', async () => {
  const { address } = await start({ services: [health([])] })
  await cleanups.pop()?.()
  const stream = echoStream(open({ address }))
  expect(await stream.closed).toMatchObject({ code: 'UNAVAILABLE', transient: true })
})

test('closing a channel ends its streams', async () => {
  const service = implement(AggregatedDiscoveryService, { streamAggregatedResources: () => ({ onMessage: () => {}, onClose: () => {} }) })
  const { address } = await start({ services: [service] })
  const channel = open({ address })
  const stream = echoStream(channel)
  channel.close()
  expect(await stream.closed).toMatchObject({ code: 'CANCELLED' })
  expect(channel.state).toBe('closed')
})

/** A discovery stream that asks with a nonce and hears it back. */
function echoStream(channel: RpcChannel) {
  const closed = Promise.withResolvers<RpcError | undefined>()
  let answer = Promise.withResolvers<string>()
  const stream = channel.stream(AggregatedDiscoveryService.method.streamAggregatedResources, {
    onMessage: (response) => answer.resolve(response.nonce),
    onClose: closed.resolve,
  })
  return {
    closed: closed.promise,
    end: () => stream.end(),
    ask(nonce: string): Promise<string> {
      answer = Promise.withResolvers<string>()
      stream.write({ responseNonce: nonce })
      return answer.promise
    },
  }
}
