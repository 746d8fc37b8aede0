import { expect, test } from 'vitest'
import { callRecord } from '../testdata/records.ts'
import { createMetrics } from './call-metrics.ts'
import { createMetricsLedger } from './ledger.ts'

const startMs = 1_000_000
const call = (durationMs: number, status = 200) => callRecord({ startMs, durationMs, status })

test('what several hand in is told as if one had counted it all', () => {
  const one = createMetrics()
  const several = [createMetrics(), createMetrics()]
  const ledger = createMetricsLedger()
  for (let index = 0; index < 40; index++) {
    const record = call(index * 7, index % 3 === 0 ? 503 : 200)
    one.record(record)
    several[index % 2]?.record(record)
    if (index % 5 === 0) one.tcpClosed(record)
    if (index % 5 === 0) several[index % 2]?.tcpClosed(record)
    if (index % 11 === 0) ledger.take(structuredClone((several[index % 2] ?? one).harvest(startMs)))
  }
  for (const metrics of several) ledger.take(structuredClone(metrics.harvest(startMs)))
  const lines = (text: string): readonly string[] => text.split('\n').toSorted()
  expect(lines(ledger.expose(startMs))).toEqual(lines(one.expose(startMs)))
})

test('a series is idle when nobody hands in anything for it', () => {
  const [a, b] = [createMetrics({ idleMs: 100 }), createMetrics({ idleMs: 100 })]
  const ledger = createMetricsLedger({ idleMs: 100 })
  const requests = (nowMs: number): string | undefined => /^istio_requests_total\{.* (\d+)$/m.exec(ledger.expose(nowMs))?.[1]
  a.record(call(0))
  ledger.take(a.harvest(startMs))
  b.record(call(80))
  ledger.take(a.harvest(startMs + 150))
  ledger.take(b.harvest(startMs + 150))
  expect(requests(startMs + 150)).toBe('2')
  expect(requests(startMs + 200)).toBeUndefined()
})
