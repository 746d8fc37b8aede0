import { expect, test } from 'vitest'
import type { View } from '@mesh/core/view'
import { RpcError, type RpcChannel } from '@mesh/rpc'
import { MAX_HOLD_MS, RECONNECT_BASE_MS, RECONNECT_MAX_MS, STABLE_STREAM_MS } from '../limits.ts'
import { deltaResponse } from '../server/wire.ts'
import { NODE, shopView } from '../testdata/shop.ts'
import { encodeView } from '../view-codec.ts'
import type { Resource } from '../resource.ts'
import type { ResourceType } from '../resource-type.ts'
import { connectAds, type AdsState } from './ads-client.ts'

interface Sent {
  readonly typeUrl?: string
  readonly responseNonce?: string
  readonly errorDetail?: { readonly message?: string }
}

/** A client on a network and a clock that the test moves. */
function simulate(chance = 0.5) {
  const timers: { atMs: number; callback: () => void }[] = []
  let nowMs = 0
  const streams: { sent: Sent[]; onMessage: (message: unknown) => void; onClose: (error?: RpcError) => void }[] = []
  const channel: RpcChannel = {
    address: 'simulated',
    state: 'ready',
    unary: () => Promise.reject(new RpcError('UNIMPLEMENTED', 'not simulated')),
    stream: (_method, listener) => {
      const sent: Sent[] = []
      streams.push({ sent, onMessage: (message) => listener.onMessage(message as never), onClose: (error) => listener.onClose(error) })
      return { write: (message) => sent.push(message as Sent) > 0, end: () => {}, cancel: () => {} }
    },
    close: () => {},
  }
  const states: AdsState[] = []
  const views: View[] = []
  const client = connectAds({
    channel,
    node: NODE,
    mode: 'delta',
    onView: (view) => (views.push(view), []),
    onState: (state) => states.push(state),
    onError: (error) => {
      throw error
    },
    chance: () => chance,
    timers: {
      now: () => nowMs,
      arm: (delayMs, callback) => {
        const timer = { atMs: nowMs + delayMs, callback }
        timers.push(timer)
        return { cancel: () => void (timers.includes(timer) && timers.splice(timers.indexOf(timer), 1)) }
      },
    },
  })
  const advance = (ms: number) => {
    nowMs += ms
    for (const timer of timers.filter(({ atMs }) => atMs <= nowMs)) {
      timers.splice(timers.indexOf(timer), 1)
      timer.callback()
    }
  }
  let nonce = 0
  const answer = (type: ResourceType, resources: readonly Resource[]) =>
    streams.at(-1)?.onMessage({ ...deltaResponse({ type, nonce: `${++nonce}`, snapshot: 's', resources, removed: [] }) })
  return { client, states, views, streams, timers, advance, answer }
}

/** What was promised has been done when all microtasks have run. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

test('a view whose endpoints do not come is held, and used without them in the end', async () => {
  const { answer, views, advance, streams } = simulate()
  const { CDS, LDS, RDS } = encodeView(shopView('s', ['reviews']))
  answer('CDS', [...CDS.values()])
  answer('LDS', [...LDS.values()])
  answer('RDS', [...RDS.values()])
  await settled()
  advance(MAX_HOLD_MS - 1)
  await settled()
  expect(views).toEqual([])
  expect(streams[0]?.sent.filter(({ responseNonce }) => responseNonce !== '')).toEqual([])
  advance(1)
  await settled()
  expect(views).toMatchObject([{ clusters: [{}], endpoints: [] }])
  expect(streams[0]?.sent.flatMap(({ responseNonce }) => responseNonce || [])).toEqual(['1', '2', '3'])
})

test('pauses double up to a bound, half of them chance, and begin anew after a stream that lasted', () => {
  const { states, streams, advance } = simulate(0)
  const fail = () => streams.at(-1)?.onClose(new RpcError('UNAVAILABLE', 'gone'))
  const pauses: number[] = []
  for (let attempt = 0; attempt < 8; attempt++) {
    fail()
    const last = states.at(-1)
    const pause = last?.kind === 'disconnected' ? last.retryMs : 0
    pauses.push(pause)
    advance(pause)
  }
  expect(pauses.slice(0, 3)).toEqual([RECONNECT_BASE_MS / 2, RECONNECT_BASE_MS, RECONNECT_BASE_MS * 2])
  expect(pauses.at(-1)).toBe(RECONNECT_MAX_MS / 2)
  advance(STABLE_STREAM_MS)
  fail()
  expect(states.at(-1)).toEqual({ kind: 'disconnected', reason: 'UNAVAILABLE: gone', retryMs: RECONNECT_BASE_MS / 2 })
})

test('a resource that cannot be decoded is refused by name, and the others are used', async () => {
  const { answer, views, streams } = simulate()
  const { CDS, EDS, LDS, RDS } = encodeView(shopView('s', ['ratings', 'reviews']))
  const [good, bad] = [...CDS.values()]
  if (good === undefined || bad === undefined) throw new Error('two clusters')
  answer('CDS', [good, { ...bad, bytes: Uint8Array.of(0xff) }])
  answer('EDS', [...EDS.values()])
  answer('LDS', [...LDS.values()])
  answer('RDS', [...RDS.values()])
  await settled()
  expect(views.at(-1)?.clusters.map(({ name }) => name)).toEqual([good.name])
  const refusals = streams[0]?.sent.flatMap(({ errorDetail }) => errorDetail?.message ?? [])
  expect(refusals).toEqual([expect.stringContaining(`CDS ${bad.name}: not a valid envoy.config.cluster.v3.Cluster`)])
})

test('closing cancels what was armed', () => {
  const { client, streams, timers, states } = simulate()
  streams[0]?.onClose()
  expect(timers).toHaveLength(1)
  client.close()
  expect(timers).toEqual([])
  expect(states.at(-1)).toEqual({ kind: 'closed' })
})
