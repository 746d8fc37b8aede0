import { create, type MessageInitShape } from '@mesh/rpc/protobuf'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { NodeSelf } from '@mesh/core/view'
import { RpcError, type RpcContext, type StreamHandler } from '@mesh/rpc'
import { DeltaDiscoveryRequestSchema, type DeltaDiscoveryResponseSchema } from '@mesh/rpc/gen/envoy/service/discovery/v3/discovery_pb'
import { encodeNode } from '../codec/node.ts'
import {
  ARRIVAL_BURST,
  ARRIVALS_PER_S,
  GREET_MS,
  MAX_NAME_CHARS,
  MAX_NAMES,
  MAX_NAMES_CHARS,
  MAX_STREAMS_PER_NODE,
  NAMES_PER_REQUEST,
  REQUEST_BURST,
  REQUESTS_PER_S,
} from '../limits.ts'
import { TYPE_URLS } from '../resource-type.ts'
import { clusterName, NODE, shopView } from '../testdata/shop.ts'
import { createAdsServer, type AdsServerOptions } from './ads-server.ts'
import type { RefusalReason } from './refusal.ts'

type Request = MessageInitShape<typeof DeltaDiscoveryRequestSchema>

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A server whose streams are opened without a network. */
function start(options: Partial<AdsServerOptions> = {}) {
  const refused: RefusalReason[] = []
  const ads = createAdsServer({
    authorize: () => undefined,
    viewOf: () => shopView('a', ['reviews']),
    onError: (error) => {
      throw error
    },
    onRefused: ({ reason }) => refused.push(reason),
    ...options,
  })
  const handler = ads.service.handlers['deltaAggregatedResources'] as StreamHandler<
    typeof DeltaDiscoveryRequestSchema,
    typeof DeltaDiscoveryResponseSchema
  >
  const open = (writable = true) => {
    const stream = { sent: 0, end: undefined as RpcError | 'ended' | undefined, send: (_message: Request): void => {} }
    const end = (error?: RpcError): void => {
      if (stream.end !== undefined) return
      stream.end = error ?? 'ended'
      listener.onClose(error)
    }
    const context: RpcContext = {
      peer: { address: '127.0.0.1', port: 1, principal: undefined },
      certificate: undefined,
      header: () => undefined,
      signal: new AbortController().signal,
    }
    const listener = handler({ write: () => (stream.sent++, writable), end }, context)
    stream.send = (message) => {
      if (stream.end !== undefined) return
      try {
        listener.onMessage(create(DeltaDiscoveryRequestSchema, message))
      } catch (error) {
        if (!(error instanceof RpcError)) throw error
        end(error)
      }
    }
    return stream
  }
  return { ads, refused, open }
}

const hello = (node: NodeSelf = NODE): Request => ({ node: encodeNode(node), typeUrl: TYPE_URLS.CDS })
const subscribe = (...names: string[]): Request => ({ typeUrl: TYPE_URLS.EDS, resourceNamesSubscribe: names })
const many = (count: number, prefix = 'n') => Array.from({ length: count }, (_, index) => `${prefix}${index}`)

test('a node has its bound of streams, and others have theirs; one that ends makes room', () => {
  const { ads, refused, open } = start()
  const streams = many(MAX_STREAMS_PER_NODE + 1).map(() => open())
  for (const stream of streams) stream.send(hello())
  expect(streams.map(({ end }) => end)).toEqual([
    ...many(MAX_STREAMS_PER_NODE).map(() => undefined),
    expect.objectContaining({ code: 'RESOURCE_EXHAUSTED' }),
  ])
  const other = open()
  other.send(hello({ ...NODE, name: 'other' }))
  expect([other.end, refused, ads.status().length]).toEqual([undefined, ['streams'], MAX_STREAMS_PER_NODE + 1])
  streams[0]?.send(subscribe('x'.repeat(MAX_NAME_CHARS + 1)))
  const late = open()
  late.send(hello())
  expect(late.end).toBeUndefined()
})

test('a node that comes back all the time is sent away, until it has stayed away a while', async () => {
  const { refused, open } = start()
  const come = () => {
    const stream = open()
    stream.send(hello())
    const { end } = stream
    stream.send(subscribe('x'.repeat(MAX_NAME_CHARS + 1)))
    return end
  }
  const ends = many(ARRIVAL_BURST + 1).map(come)
  expect(ends.slice(0, -1)).toEqual(many(ARRIVAL_BURST).map(() => undefined))
  expect(ends.at(-1)).toMatchObject({ code: 'RESOURCE_EXHAUSTED', message: expect.stringContaining('comes back') })
  expect(refused.at(-1)).toBe('streams')
  await vi.advanceTimersByTimeAsync(1000 / ARRIVALS_PER_S)
  expect(come()).toBeUndefined()
})

test('a stream that does not name its node is ended, and one that does is not', async () => {
  const { refused, open } = start()
  const [silent, known] = [open(), open()]
  known.send(hello())
  await vi.advanceTimersByTimeAsync(GREET_MS)
  expect([silent.end, known.end, refused]).toEqual([expect.objectContaining({ code: 'DEADLINE_EXCEEDED' }), undefined, ['silent']])
})

test('a first request without a node, and one whose node cannot be read, are refused', () => {
  const { refused, open } = start()
  for (const message of [{ typeUrl: TYPE_URLS.CDS }, { node: { id: 'x'.repeat(2000) } }]) {
    const stream = open()
    stream.send(message)
    expect(stream.end).toMatchObject({ code: 'INVALID_ARGUMENT' })
  }
  expect(refused).toEqual(['node', 'node'])
})

test('names have a bound in one request and over all requests', () => {
  const { refused, open } = start()
  const excesses = [
    [subscribe(...many(MAX_NAMES + 1))],
    [subscribe(...many(MAX_NAMES)), subscribe('one more')],
    [subscribe(...many(MAX_NAMES)), { typeUrl: TYPE_URLS.RDS, resourceNamesSubscribe: ['one more'] }],
    [subscribe('x'.repeat(MAX_NAME_CHARS + 1))],
    [subscribe(...many(MAX_NAMES_CHARS / MAX_NAME_CHARS + 1, 'x'.repeat(MAX_NAME_CHARS - 8)).map((name) => name.padEnd(MAX_NAME_CHARS)))],
    [{ typeUrl: TYPE_URLS.EDS, resourceNamesUnsubscribe: many(MAX_NAMES + 1) }],
    [{ typeUrl: TYPE_URLS.EDS, initialResourceVersions: Object.fromEntries(many(MAX_NAMES + 1).map((name) => [name, '1'])) }],
    [{ typeUrl: TYPE_URLS.EDS, initialResourceVersions: { a: 'x'.repeat(1000) } }],
  ]
  for (const [index, requests] of excesses.entries()) {
    const stream = open()
    stream.send(hello())
    for (const request of requests) stream.send(request)
    expect(stream.end, `case ${index}`).toMatchObject({ code: 'RESOURCE_EXHAUSTED' })
  }
  expect(refused).toEqual(excesses.map(() => 'names'))
})

test('names that were given back make room for others', () => {
  const { open } = start()
  const stream = open()
  stream.send(hello())
  for (let round = 0; round < 3; round++) {
    const names = many(MAX_NAMES, `${round}-`)
    stream.send(subscribe(...names))
    stream.send({ typeUrl: TYPE_URLS.EDS, resourceNamesUnsubscribe: names })
  }
  expect(stream.end).toBeUndefined()
})

test('types that are not served leave nothing behind', () => {
  const { ads, open } = start()
  const stream = open()
  stream.send(hello())
  for (const name of many(1000)) stream.send({ typeUrl: `type.googleapis.com/${name}`, resourceNamesSubscribe: [name] })
  expect([stream.end, ads.status()[0]?.types.map(({ type }) => type)]).toEqual([undefined, ['CDS']])
})

test('a flood of answers ends its stream, and what a busy client sends does not', async () => {
  const { refused, open } = start()
  const [flood, busy] = [open(), open()]
  for (const stream of [flood, busy]) stream.send(hello())
  for (let sent = 0; sent <= REQUEST_BURST; sent++)
    flood.send({ typeUrl: TYPE_URLS.CDS, responseNonce: '1', errorDetail: { message: `${sent}` } })
  expect([flood.end, refused]).toEqual([expect.objectContaining({ code: 'RESOURCE_EXHAUSTED' }), ['requests']])
  for (let second = 0; second < 20; second++) {
    for (let sent = 0; sent < REQUESTS_PER_S / 2; sent++) busy.send({ typeUrl: TYPE_URLS.CDS, responseNonce: '1' })
    await vi.advanceTimersByTimeAsync(1000)
  }
  expect(busy.end).toBeUndefined()
})

test.each([
  ['subscribed to', { resourceNamesSubscribe: many(MAX_NAMES) }],
  ['unsubscribed from', { resourceNamesUnsubscribe: many(MAX_NAMES) }],
  ['of what the client has', { initialResourceVersions: Object.fromEntries(many(MAX_NAMES).map((name) => [name, '1'])) }],
])('a request with many names %s counts for many', (_what, names) => {
  const { open } = start()
  const stream = open()
  stream.send(hello())
  const large = { typeUrl: TYPE_URLS.EDS, ...names }
  for (let sent = 0; sent <= REQUEST_BURST / (MAX_NAMES / NAMES_PER_REQUEST); sent++) stream.send(large)
  expect(stream.end).toMatchObject({ code: 'RESOURCE_EXHAUSTED', message: expect.stringContaining('requests a second') })
})

test('a client that does not read gets no second answer written, however often it asks', () => {
  const { open } = start()
  const stream = open(false)
  stream.send(hello())
  for (let sent = 0; sent < 1000; sent++) stream.send(subscribe(clusterName('reviews')))
  expect([stream.sent, stream.end]).toEqual([1, undefined])
})

test('who may not have its view any longer is sent away with the next push, and nobody else', async () => {
  let revoked = ''
  const { ads, refused, open } = start({ authorize: ({ name }) => (name === revoked ? 'you are gone' : undefined) })
  const [first, second] = [open(), open()]
  first.send(hello())
  second.send(hello({ ...NODE, name: 'other' }))
  revoked = NODE.name
  ads.push()
  await vi.advanceTimersByTimeAsync(1)
  expect([first.end, second.end, refused]).toEqual([
    expect.objectContaining({ code: 'PERMISSION_DENIED', message: 'you are gone' }),
    undefined,
    ['unauthorized'],
  ])
  expect(ads.status().map(({ node }) => node.name)).toEqual(['other'])
})
