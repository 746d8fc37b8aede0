import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { aCluster, anEndpoint } from '../engine/testdata/build.ts'
import type { Endpoint, OutlierDetection } from '../view/cluster.ts'
import { Outliers, type OutlierEvent } from './outliers.ts'
import { OutlierSlots } from './slots.ts'

const SETTINGS: OutlierDetection = {
  consecutive5xx: 5,
  consecutiveGatewayFailures: 0,
  intervalMs: 10_000,
  baseEjectionMs: 30_000,
  maxEjectionMs: 300_000,
  maxEjectionPercent: 10,
  alwaysEjectOne: true,
  minHealthPercent: 0,
}

const hosts = (count: number): readonly Endpoint[] => Array.from({ length: count }, (_, index) => anEndpoint(`127.0.0.${index + 1}`))

/** A cluster `a` under watch. */
function watch(count: number, said: Partial<OutlierDetection> = {}) {
  const events: OutlierEvent[] = []
  const slots = new OutlierSlots()
  const outliers = new Outliers((event) => events.push(event))
  const follow = (endpoints: readonly Endpoint[], more: Partial<OutlierDetection> = said): void => {
    const cluster = aCluster('a', { discovery: { kind: 'static', endpoints }, outlierDetection: { ...SETTINGS, ...more } })
    const view = { clusters: [cluster], endpoints: [] }
    outliers.follow(view, slots.assign(view), slots.memory)
  }
  const endpoints = hosts(count)
  follow(endpoints)
  const of = () => {
    const detector = outliers.of('a')
    if (detector === undefined) throw new Error('a is not watched')
    return detector
  }
  const host = (index: number) => of().hostOf(endpoints[index] ?? anEndpoint('none'))
  return {
    endpoints,
    events,
    follow,
    slots,
    outliers,
    get a() {
      return of()
    },
    host,
    fail(index: number, times: number, nowMs = 0, status = 500) {
      for (let time = 0; time < times; time++) of().failed(host(index), status, nowMs)
    },
    left: () =>
      of()
        .available(endpoints)
        .map(({ address }) => Number(address.split('.').at(-1)) - 1),
    kinds: () => events.map(({ kind }) => kind),
  }
}

describe('failures in a row', () => {
  test('the fifth 5xx ejects, four of them do not', () => {
    const at = watch(3)
    at.fail(1, 4)
    expect(at.left()).toEqual([0, 1, 2])
    at.fail(1, 1)
    expect(at.left()).toEqual([0, 2])
    expect(at.events).toEqual([
      { cluster: 'a', kind: 'ejected', address: '127.0.0.2', port: 9080, reason: 'consecutive_5xx', forMs: 30_000 },
    ])
  })

  test('a success in between begins the row anew', () => {
    const at = watch(3)
    at.fail(1, 4)
    at.a.succeeded(at.host(1))
    at.fail(1, 4)
    expect(at.left()).toEqual([0, 1, 2])
  })

  test('gateway failures have a row of their own, which another 5xx ends', () => {
    const at = watch(3, { consecutive5xx: 0, consecutiveGatewayFailures: 3 })
    at.fail(0, 2, 0, 503)
    at.fail(0, 1, 0, 500)
    at.fail(0, 2, 0, 502)
    expect(at.left()).toEqual([0, 1, 2])
    at.fail(0, 1, 0, 504)
    expect(at.events).toMatchObject([{ kind: 'ejected', reason: 'consecutive_gateway_failure' }])
  })

  test('a count of 0 is off', () => {
    const at = watch(3, { consecutive5xx: 0 })
    at.fail(0, 100, 0, 503)
    expect(at.left()).toEqual([0, 1, 2])
  })

  test('what fails here counts as 503 or 504 where it is not split off', () => {
    const at = watch(3, { consecutive5xx: 0, consecutiveGatewayFailures: 3 })
    at.a.failedHere(at.host(2), 503, 0)
    at.a.connected(at.host(2))
    at.a.failedHere(at.host(2), 504, 0)
    at.a.failedHere(at.host(2), 503, 0)
    expect(at.left()).toEqual([0, 1])
    const tcp = watch(3, { consecutive5xx: 2 })
    tcp.a.failedHere(tcp.host(2), 503, 0)
    tcp.a.connectedForGood(tcp.host(2))
    tcp.a.failedHere(tcp.host(2), 503, 0)
    expect(tcp.left()).toEqual([0, 1, 2])
  })

  test('split off, it has a row that replies neither begin nor end, and connections end', () => {
    const at = watch(3, { consecutive5xx: 2, consecutiveLocalFailures: 3 })
    at.a.failedHere(at.host(0), 503, 0)
    at.a.failedHere(at.host(0), 503, 0)
    at.a.connected(at.host(0))
    at.a.failedHere(at.host(0), 503, 0)
    at.a.failedHere(at.host(0), 504, 0)
    at.a.succeeded(at.host(0))
    expect(at.left()).toEqual([0, 1, 2])
    at.a.failedHere(at.host(0), 503, 0)
    expect(at.events).toMatchObject([{ kind: 'ejected', reason: 'consecutive_local_origin_failure' }])
  })
})

describe('how long an ejection lasts', () => {
  test('it ends with the first sweep behind its time, and begins the rows anew', () => {
    const at = watch(3)
    at.fail(0, 5, 1_000)
    for (const nowMs of [10_000, 20_000, 30_000]) at.outliers.sweep(nowMs)
    expect(at.left()).toEqual([1, 2])
    at.outliers.sweep(40_000)
    expect(at.left()).toEqual([0, 1, 2])
    at.fail(0, 4, 41_000)
    expect(at.kinds()).toEqual(['ejected', 'returned'])
  })

  test('it grows with each ejection up to the maximum, and shrinks with each interval in which the endpoint was there', () => {
    const at = watch(3, { maxEjectionMs: 70_000 })
    let nowMs = 0
    const ejectFor = (): number => {
      at.fail(0, 5, nowMs)
      const [event] = at.events.splice(0)
      while (!at.left().includes(0)) at.outliers.sweep((nowMs += 10_000))
      at.events.splice(0)
      return event?.kind === 'ejected' ? event.forMs : 0
    }
    expect([ejectFor(), ejectFor(), ejectFor(), ejectFor(), ejectFor(), ejectFor()]).toEqual([
      30_000, 60_000, 70_000, 70_000, 70_000, 70_000,
    ])
    // As Envoy counts them: while the time before was below the maximum and one base time more.
    for (let sweep = 0; sweep < 4; sweep++) at.outliers.sweep((nowMs += 10_000))
    expect(ejectFor()).toBe(30_000)
  })

  test('a clock that is past what 32 bits hold tells the same times', () => {
    const at = watch(3)
    const nowMs = 2 ** 31 - 5_000
    at.fail(0, 5, nowMs)
    at.outliers.sweep(nowMs + 29_000)
    expect(at.left()).toEqual([1, 2])
    at.outliers.sweep(nowMs + 40_000)
    expect(at.left()).toEqual([0, 1, 2])
  })

  test('of sweeps within one interval only the first one counts', () => {
    const at = watch(3)
    at.fail(0, 5, 0)
    at.outliers.sweep(29_000)
    at.fail(0, 1, 0)
    at.outliers.sweep(29_999)
    expect(at.left()).toEqual([1, 2])
    expect(at.outliers.nextSweepMs(29_999)).toBe(30_000)
  })
})

test('intervals and ejections that a rule makes too long or too short are bounded', () => {
  const long = watch(2, { intervalMs: 1e13, baseEjectionMs: 1e13, maxEjectionMs: 1e13 })
  expect(long.outliers.nextSweepMs(5)).toBe(2 ** 30)
  long.fail(0, 5)
  expect(long.events).toMatchObject([{ forMs: 2 ** 30 }])
  expect(watch(2, { intervalMs: 0.001 }).outliers.nextSweepMs(5)).toBe(10)
  expect(new Outliers(() => undefined).nextSweepMs(5)).toBe(Infinity)
})

describe('how many may be ejected', () => {
  test('one always may, and the next one only within the percentage', () => {
    const at = watch(10, { maxEjectionPercent: 20 })
    for (let index = 0; index < 3; index++) at.fail(index, 5)
    expect(at.left()).toEqual([2, 3, 4, 5, 6, 7, 8, 9])
    expect(at.kinds()).toEqual(['ejected', 'ejected', 'kept'])
    const small = watch(2)
    small.fail(0, 5)
    small.fail(1, 5)
    expect(small.left()).toEqual([1])
  })

  test('without that one, too few endpoints lose none', () => {
    const at = watch(3, { alwaysEjectOne: false })
    at.fail(0, 5)
    expect(at.left()).toEqual([0, 1, 2])
  })

  test('all of them may be at 100 percent, and then there is none', () => {
    const at = watch(2, { maxEjectionPercent: 100 })
    at.fail(0, 5)
    at.fail(1, 5)
    expect(at.left()).toEqual([])
  })

  test('with fewer left than the least that is healthy, all take calls', () => {
    const at = watch(4, { maxEjectionPercent: 100, minHealthPercent: 50 })
    at.fail(0, 5)
    at.fail(1, 5)
    expect(at.left()).toEqual([2, 3])
    at.fail(2, 5)
    expect(at.left()).toEqual([0, 1, 2, 3])
  })

  test('whatever happens, no more are ejected than the percentage or the one says, and the number told is theirs', () => {
    const step = fc.record({ host: fc.nat(11), what: fc.constantFrom('fail', 'succeed', 'wait'), ms: fc.nat(40_000) })
    const settings = fc.record({
      maxEjectionPercent: fc.nat(100),
      alwaysEjectOne: fc.boolean(),
      consecutive5xx: fc.integer({ min: 1, max: 3 }),
    })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), settings, fc.array(step, { maxLength: 80 }), (count, said, steps) => {
        const at = watch(count, said)
        const most = Math.max(Math.floor((said.maxEjectionPercent * count) / 100 + 1e-9), said.alwaysEjectOne ? 1 : 0)
        let nowMs = 0
        for (const { host, what, ms } of steps) {
          if (what === 'wait') at.outliers.sweep((nowMs += ms))
          else if (what === 'fail') at.fail(host % count, 1, nowMs)
          else at.a.succeeded(at.host(host % count))
          const gone = count - at.left().length
          expect(gone).toBeLessThanOrEqual(most)
          expect(at.a.ejectedNow).toBe(gone)
        }
      }),
      { seed: 28, numRuns: 300 },
    )
  })
})

describe('what is known of an endpoint', () => {
  test('stays when others come and go, and when the rule says other numbers', () => {
    const at = watch(3)
    at.fail(1, 5)
    at.fail(0, 4)
    at.follow([anEndpoint('127.0.0.9'), ...at.endpoints.slice(0, 2)], { consecutive5xx: 6, maxEjectionPercent: 100 })
    expect(at.left()).toEqual([0, 2])
    at.fail(0, 2)
    expect(at.left()).toEqual([2])
  })

  test('goes with it, and its ejection counts no more', () => {
    const at = watch(3)
    at.fail(1, 5)
    at.follow([at.endpoints[0] ?? anEndpoint('none'), at.endpoints[2] ?? anEndpoint('none')])
    expect(at.a.ejectedNow).toBe(0)
    for (let round = 0; round < 3; round++) at.follow(at.endpoints)
    expect(at.left()).toEqual([0, 1, 2])
  })

  test('does not move when many more come', () => {
    const at = watch(2, { maxEjectionPercent: 100 })
    at.fail(1, 5)
    at.follow([...at.endpoints, ...Array.from({ length: 500 }, (_, index) => anEndpoint(`10.0.${index >> 8}.${index & 255}`))])
    expect(at.left()).toEqual([0])
    expect(at.slots.ejected).toEqual([{ cluster: 'a', address: '127.0.0.2', port: 9080 }])
    expect(at.slots.ejectedNow).toBe(1)
  })

  test('an endpoint that is not in the view takes calls and is not counted', () => {
    const at = watch(2)
    expect(at.a.available([anEndpoint('10.9.9.9')])).toHaveLength(1)
    expect(at.a.isEjected(at.a.hostOf(anEndpoint('10.9.9.9')))).toBe(false)
  })
})
