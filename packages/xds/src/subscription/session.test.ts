import { describe, expect, test } from 'vitest'
import type { View } from '@mesh/core/view'
import { clusterName, endpoints, httpProxy, shopView } from '../testdata/shop.ts'
import type { ResourceType } from '../resource-type.ts'
import { encodeView } from '../view-codec.ts'
import type { DeltaRequest, SotwRequest, TypeResponse } from './request.ts'
import { AdsSession } from './session.ts'
import { statusOf } from './status.ts'

const REVIEWS = clusterName('reviews')
const RATINGS = clusterName('ratings')

function session(mode: 'sotw' | 'delta', view: View) {
  const ads = new AdsSession(mode)
  let sequence = 0
  const show = (next: View) => ads.setView(encodeView(next), { snapshot: next.snapshot, sequence: ++sequence })
  show(view)
  const sent: TypeResponse[] = []
  const pump = (answer = true): string[] => {
    const out: string[] = []
    for (let response = ads.next(); response !== undefined; response = ads.next()) {
      sent.push(response)
      out.push(describeResponse(response))
      if (answer) ask(response.type, { nonce: response.nonce })
    }
    return out
  }
  const names = new Map<ResourceType, readonly string[]>()
  /** Sends a request; a state-of-the-world one repeats the names given last. */
  const ask = (type: ResourceType, parts: Partial<SotwRequest> & Partial<DeltaRequest>) => {
    if (parts.names !== undefined) names.set(type, parts.names)
    if (mode === 'sotw')
      ads.onRequest(type, { kind: 'sotw', nonce: '', version: '', error: undefined, ...parts, names: names.get(type) ?? [] })
    else ads.onRequest(type, { kind: 'delta', subscribe: [], unsubscribe: [], initialVersions: {}, nonce: '', error: undefined, ...parts })
  }
  const status = (type: ResourceType) => ads.subscriptions.filter((one) => one.type === type).map(statusOf)[0]
  return { ads, show, pump, ask, sent, status, lastNonce: () => sent.at(-1)?.nonce ?? '' }
}

function describeResponse({ type, resources, removed }: TypeResponse): string {
  const short = (name: string) => name.replace(/^outbound\|9080\|\||\.default\.svc\.cluster\.local$/g, '')
  return [type, ...resources.map(({ name }) => `+${short(name)}`), ...removed.map((name) => `-${short(name)}`)].join(' ')
}

describe('state of the world', () => {
  test('the first request of a wildcard type gets everything, and later ones only news', () => {
    const { ask, pump, show } = session('sotw', shopView('a', ['reviews']))
    ask('CDS', {})
    expect(pump()).toEqual(['CDS +reviews'])
    show(shopView('b', ['reviews']))
    expect(pump()).toEqual([])
    show(shopView('c', ['ratings', 'reviews']))
    expect(pump()).toEqual(['CDS +ratings +reviews'])
  })

  test('a second first request with a longer list is answered for what is new in it', () => {
    const { ask, pump } = session('sotw', shopView('a', ['ratings', 'reviews']))
    ask('EDS', { names: [REVIEWS] })
    expect(pump(false)).toEqual(['EDS +reviews'])
    ask('EDS', { names: [REVIEWS, RATINGS] })
    expect(pump(false)).toEqual(['EDS +ratings'])
    ask('EDS', { names: [REVIEWS, RATINGS] })
    expect(pump(false)).toEqual([])
  })

  test('a request with an outdated nonce says nothing', () => {
    const { ask, pump, sent, status } = session('sotw', shopView('a', ['ratings', 'reviews']))
    ask('EDS', { names: [REVIEWS] })
    pump(false)
    ask('EDS', { names: [REVIEWS, RATINGS] })
    pump(false)
    ask('EDS', { names: [], nonce: sent[0]?.nonce ?? '', error: 'old news' })
    expect(pump(false)).toEqual([])
    expect(status('EDS')).toMatchObject({ state: 'STALE', error: undefined, resources: 2 })
  })

  test('names once given make an empty list mean nothing, not everything', () => {
    const { ask, pump, lastNonce } = session('sotw', shopView('a', ['ratings', 'reviews']))
    ask('CDS', { names: [REVIEWS] })
    expect(pump()).toEqual(['CDS +reviews'])
    ask('CDS', { names: [], nonce: lastNonce() })
    expect(pump()).toEqual([])
    ask('CDS', { names: ['*'], nonce: lastNonce() })
    expect(pump()).toEqual(['CDS +ratings +reviews'])
  })

  test('a name that does not exist is answered when it does', () => {
    const { ask, pump, show } = session('sotw', shopView('a', ['reviews']))
    ask('EDS', { names: [RATINGS] })
    expect(pump()).toEqual([])
    show(shopView('b', ['ratings', 'reviews']))
    expect(pump()).toEqual(['EDS +ratings'])
  })

  test('what is to go stays in the list until all that is new is in force', () => {
    const { ask, pump, show } = session('sotw', shopView('a', ['reviews']))
    for (const type of ['CDS', 'LDS'] as const) ask(type, {})
    ask('EDS', { names: [REVIEWS, RATINGS] })
    ask('RDS', { names: ['http_proxy'] })
    pump()
    show(shopView('b', ['ratings']))
    expect(pump()).toEqual(['CDS +ratings +reviews', 'EDS +ratings', 'RDS +http_proxy', 'CDS +ratings'])
  })
})

describe('delta', () => {
  function subscribed(view: View) {
    const ads = session('delta', view)
    for (const type of ['CDS', 'LDS', 'WDS'] as const) ads.ask(type, {})
    ads.ask('EDS', { subscribe: [REVIEWS, RATINGS] })
    ads.ask('RDS', { subscribe: ['http_proxy'] })
    ads.pump()
    return ads
  }

  test('a name that does not exist is answered as removed, and comes when it is there', () => {
    const { ask, pump, show } = session('delta', shopView('a', ['reviews']))
    ask('EDS', { subscribe: [REVIEWS, RATINGS] })
    expect(pump()).toEqual(['EDS +reviews -ratings'])
    show(shopView('b', ['ratings', 'reviews']))
    expect(pump()).toEqual(['EDS +ratings'])
  })

  test('subscribing again to a name gets it again', () => {
    const { ask, pump } = subscribed(shopView('a', ['ratings', 'reviews']))
    ask('EDS', { subscribe: [RATINGS] })
    expect(pump()).toEqual(['EDS +ratings'])
  })

  test('only what changed is sent, in the order clusters, endpoints, listeners, routes; removals come last', () => {
    const { show, pump } = subscribed(shopView('a', ['reviews']))
    const next = shopView('b', ['ratings'])
    show({ ...next, listeners: next.listeners.map((listener) => ({ ...listener, port: 15002 })) })
    expect(pump()).toEqual([
      'WDS +Kubernetes/default/ratings-v1-0',
      'WDS -Kubernetes/default/reviews-v1-0',
      'CDS +ratings',
      'EDS +ratings',
      'LDS +http_proxy',
      'RDS +http_proxy',
      'CDS -reviews',
      'EDS -reviews',
    ])
  })

  test('the next type waits until the one before was answered', () => {
    const { show, pump, ask, lastNonce, status } = subscribed(shopView('a', ['reviews']))
    show({ ...shopView('b', ['ratings']), workloads: [] })
    expect(pump(false)).toEqual(['WDS -Kubernetes/default/reviews-v1-0', 'CDS +ratings'])
    expect(status('CDS')).toMatchObject({ state: 'STALE', ackedSnapshot: 'a', sentSnapshot: 'b' })
    ask('CDS', { nonce: lastNonce() })
    expect(pump(false)).toEqual(['EDS +ratings'])
    ask('EDS', { nonce: lastNonce(), error: 'no' })
    expect(pump(false)).toEqual(['RDS +http_proxy'])
    expect(status('EDS')).toMatchObject({ state: 'ERROR', error: 'no' })
  })

  test('endpoints alone disturb nothing else', () => {
    const view = shopView('a', ['ratings', 'reviews'])
    const { show, pump, status } = subscribed(view)
    show({ ...view, snapshot: 'b', endpoints: [endpoints('ratings', ['10.0.0.1']), endpoints('reviews', ['127.64.0.9'])] })
    expect(pump()).toEqual(['EDS +ratings'])
    for (const type of ['CDS', 'EDS', 'LDS', 'RDS'] as const) expect(status(type)).toMatchObject({ state: 'SYNCED', ackedSnapshot: 'b' })
  })

  test('what a client says that it has is not sent again, what changed or went is', () => {
    const view = shopView('a', ['ratings', 'reviews'])
    const have = encodeView(view)
    const versions = (type: ResourceType) => Object.fromEntries([...have[type]].map(([name, { version }]) => [name, version]))
    const { ask, pump } = session('delta', {
      ...shopView('b', ['details', 'reviews'], { reviews: ['10.0.0.1'] }),
      listeners: view.listeners,
    })
    ask('CDS', { initialVersions: versions('CDS') })
    ask('EDS', { subscribe: [REVIEWS, RATINGS], initialVersions: versions('EDS') })
    ask('LDS', { initialVersions: versions('LDS') })
    expect(pump()).toEqual(['CDS +details', 'LDS', 'EDS +reviews', 'CDS -ratings', 'EDS -ratings'])
  })

  test('a refused resource is not sent again until it changes', () => {
    const { show, pump, ask, lastNonce, status } = subscribed(shopView('a', ['reviews']))
    show(shopView('b', ['reviews'], { reviews: ['10.0.0.1'] }))
    pump(false)
    ask('EDS', { nonce: lastNonce(), error: 'EDS reviews: bad' })
    expect(pump()).toEqual([])
    expect(status('EDS')).toMatchObject({ state: 'ERROR', ackedSnapshot: 'a', error: 'EDS reviews: bad' })
    show(shopView('c', ['reviews'], { reviews: ['10.0.0.2'] }))
    expect(pump()).toEqual(['EDS +reviews'])
    expect(status('EDS')).toMatchObject({ state: 'SYNCED', ackedSnapshot: 'c', error: undefined })
  })

  test('what was refused goes with the next response, so that accepting that one says that all is accepted', () => {
    const { show, pump, ask, lastNonce, status } = subscribed(shopView('a', ['ratings', 'reviews']))
    show(shopView('b', ['ratings', 'reviews'], { reviews: ['10.0.0.1'] }))
    pump(false)
    ask('EDS', { nonce: lastNonce(), error: 'EDS reviews: bad' })
    show(shopView('c', ['ratings', 'reviews'], { reviews: ['10.0.0.1'], ratings: ['10.0.0.2'] }))
    expect(pump(false)).toEqual(['EDS +ratings +reviews'])
    ask('EDS', { nonce: lastNonce(), error: 'EDS reviews: bad' })
    expect(status('EDS')).toMatchObject({ state: 'ERROR', ackedSequence: 1, errorSequence: 3 })
    show(shopView('d', ['ratings', 'reviews'], { reviews: ['10.0.0.1'], ratings: ['10.0.0.3'] }))
    expect(pump()).toEqual(['EDS +ratings +reviews'])
    expect(status('EDS')).toMatchObject({ state: 'SYNCED', error: undefined, ackedSequence: 4 })
  })

  test('a type counts as accepted once what must go has gone too', () => {
    const { show, pump, ask, lastNonce, status } = subscribed(shopView('a', ['reviews']))
    show(shopView('b', ['ratings']))
    for (const type of ['CDS', 'EDS', 'RDS'] as const) {
      expect(pump(false).at(-1)).toMatch(new RegExp(`^${type} [+]`))
      ask(type, { nonce: lastNonce() })
    }
    expect(pump(false)).toEqual(['CDS -reviews'])
    expect(status('CDS')).toMatchObject({ state: 'STALE', ackedSequence: 1, changedSequence: 2 })
    ask('CDS', { nonce: lastNonce() })
    expect(status('CDS')).toMatchObject({ ackedSequence: 2 })
  })

  test('a content that comes back is a state of its own: what was accepted of it before says nothing', () => {
    const { show, pump, ask, lastNonce, status } = subscribed(shopView('a', ['reviews']))
    show(shopView('b', ['reviews'], { reviews: ['10.0.0.1'] }))
    expect(pump(false)).toEqual(['EDS +reviews'])
    show(shopView('a', ['reviews']))
    expect(status('EDS')).toMatchObject({ state: 'STALE', ackedSnapshot: 'a', ackedSequence: 1, changedSequence: 3 })
    ask('EDS', { nonce: lastNonce() })
    pump()
    expect(status('EDS')).toMatchObject({ state: 'SYNCED', ackedSnapshot: 'a', ackedSequence: 3 })
  })

  test('a snapshot that says nothing new to a client counts as accepted, and changes nothing', () => {
    const { show, status } = subscribed(shopView('a', ['reviews']))
    show(shopView('b', ['reviews']))
    for (const type of ['CDS', 'EDS', 'LDS', 'RDS', 'WDS'] as const)
      expect(status(type)).toMatchObject({ settled: true, ackedSequence: 2, changedSequence: 0 })
  })

  test('a slow client gets the latest state, not the states between', () => {
    const { show, pump, ask, lastNonce, sent } = subscribed(shopView('s', ['reviews']))
    show(shopView('s1', ['reviews'], { reviews: ['10.0.0.1'] }))
    pump(false)
    for (let step = 2; step <= 9; step++) show(shopView(`s${step}`, ['reviews'], { reviews: [`10.0.0.${step}`] }))
    expect(pump(false)).toEqual([])
    ask('EDS', { nonce: lastNonce() })
    expect(pump(false)).toEqual(['EDS +reviews'])
    expect(sent.at(-1)?.snapshot).toBe('s9')
  })

  test('unsubscribed names are not sent any more', () => {
    const { ask, show, pump } = subscribed(shopView('a', ['ratings', 'reviews']))
    ask('EDS', { unsubscribe: [RATINGS] })
    show(shopView('b', ['ratings', 'reviews'], { ratings: ['10.0.0.1'], reviews: ['10.0.0.1'] }))
    expect(pump()).toEqual(['EDS +reviews'])
  })
})

describe.each(['sotw', 'delta'] as const)('%s', (mode) => {
  test('what was refused and is accepted later, without having been sent again, is in force', () => {
    const { ask, pump, lastNonce, status } = session(mode, shopView('a', ['reviews']))
    ask('LDS', {})
    pump(false)
    ask('LDS', { nonce: lastNonce(), error: 'LDS http_proxy: port 15001 is taken' })
    expect(status('LDS')).toMatchObject({ state: 'ERROR', ackedNonce: undefined, ackedSequence: 0 })
    ask('LDS', { nonce: lastNonce(), version: 'a' })
    expect(status('LDS')).toMatchObject({
      state: 'SYNCED',
      error: undefined,
      ackedNonce: lastNonce(),
      ackedSnapshot: 'a',
      ackedSequence: 1,
    })
    expect(pump()).toEqual([])
  })

  test('what was refused stays refused when the client asks for something else', () => {
    const { ask, pump, lastNonce, status } = session(mode, shopView('a', ['ratings', 'reviews']))
    ask('EDS', { names: [REVIEWS], subscribe: [REVIEWS] })
    pump()
    ask('EDS', { names: [REVIEWS, RATINGS], subscribe: [RATINGS], nonce: mode === 'sotw' ? lastNonce() : '' })
    pump(false)
    ask('EDS', { nonce: lastNonce(), error: 'EDS ratings: bad' })
    ask('EDS', { names: [RATINGS], unsubscribe: [REVIEWS], nonce: mode === 'sotw' ? lastNonce() : '', version: 'a' })
    expect(status('EDS')).toMatchObject({ state: 'ERROR', error: 'EDS ratings: bad' })
  })
})

test('a client of the state of the world that repeats the nonce of what it refused has not accepted it', () => {
  const { ask, pump, lastNonce, show, status } = session('sotw', shopView('a', ['reviews']))
  ask('LDS', {})
  pump()
  show({ ...shopView('b', ['reviews']), listeners: [httpProxy(1)] })
  pump(false)
  ask('LDS', { nonce: lastNonce(), version: 'a', error: 'LDS http_proxy: port 1 is taken' })
  ask('LDS', { nonce: lastNonce(), version: 'a' })
  expect(status('LDS')).toMatchObject({ state: 'ERROR', ackedSnapshot: 'a' })
})
