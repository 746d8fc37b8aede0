import type { ServerResponse } from 'node:http'
import { BroadcastChannel } from 'node:worker_threads'
import type { Cluster, Endpoint } from '@mesh/core/view'
import { expect, test } from 'vitest'
import { clustersPage } from '../admin/clusters.ts'
import { ask } from '../testdata/client.ts'
import { fleetOf } from '../testdata/fleet.ts'
import { open, upstream } from '../testdata/open.ts'
import type { Upstream } from '../testdata/upstream.ts'
import { cluster, ejecting, endpoint, outboundView, route } from '../testdata/views.ts'

const to = (endpoints: readonly Endpoint[], more: Partial<Cluster> = {}) =>
  outboundView([route('reviews')], [cluster('reviews', endpoints, { outlierDetection: ejecting(), ...more })])

const turn = (): Promise<unknown> => new Promise((resolve) => setImmediate(resolve))
const answering = (status: number): Promise<Upstream> => upstream((_request, response) => response.writeHead(status).end())

test('failures in a row are counted over two worker threads, and an ejection by one of them holds for both', async () => {
  const [good, bad] = [await answering(200), await answering(500)]
  const view = to([endpoint(good.port), endpoint(bad.port)], { outlierDetection: ejecting({ consecutive5xx: 20 }) })
  const { fleet, port } = await fleetOf(view)
  // One after the other, each on a connection of its own, which the kernel deals out to the workers.
  for (let call = 0; call < 100; call++) await ask(port(), '/')
  expect(bad.requests).toHaveLength(20)
  const report = await fleet.report()
  expect(report.counters).toMatchObject({
    outlierEjections: 1,
    outlierEjectionsActive: 1,
    outlierDetected5xx: 1,
    outlierEjectionsOverflow: 0,
  })
  expect(report.ejected).toEqual([{ cluster: 'reviews', address: '127.0.0.1', port: bad.port }])
  const page = clustersPage(view, report, null).body
  expect(page).toContain(`reviews::127.0.0.1:${bad.port}::health_flags::/failed_outlier_check\n`)
  expect(page).toContain(`reviews::127.0.0.1:${good.port}::health_flags::healthy\n`)
})

test('two workers under load eject no endpoint beyond the percentage', async () => {
  const servers = await Promise.all(Array.from({ length: 10 }, () => answering(500)))
  const outlierDetection = ejecting({ consecutive5xx: 1, maxEjectionPercent: 30 })
  const { fleet, port } = await fleetOf(
    to(
      servers.map((server) => endpoint(server.port)),
      { balance: 'random', outlierDetection },
    ),
  )
  await Promise.all(Array.from({ length: 200 }, () => ask(port(), '/')))
  const { counters, ejected } = await fleet.report()
  expect(ejected).toHaveLength(3)
  expect(counters).toMatchObject({ outlierEjections: 3, outlierEjectionsActive: 3 })
  expect(counters.outlierDetected5xx).toBe(3 + counters.outlierEjectionsOverflow)
  const calls = servers.map(({ requests }) => requests.length)
  await Promise.all(Array.from({ length: 50 }, () => ask(port(), '/')))
  expect(servers.filter(({ requests }, index) => requests.length === calls[index]).length).toBeGreaterThanOrEqual(3)
  for (const { port: gone } of ejected) {
    const at = servers.findIndex((server) => server.port === gone)
    expect(servers[at]?.requests).toHaveLength(calls[at] ?? -1)
  }
})

test('an ejection outlives a new view, goes with its endpoint, and ends once for all workers', async () => {
  let status = 500
  const bad = await upstream((_request, response) => response.writeHead(status).end())
  const good = await answering(200)
  const both = [endpoint(good.port), endpoint(bad.port)]
  const { fleet, port } = await fleetOf(to(both))
  const call = async (times: number): Promise<void> => {
    for (let one = 0; one < times; one++) await ask(port(), '/')
  }
  await call(8)
  await fleet.apply(to([...both, endpoint(good.port, { address: '127.0.0.2' })], { connectTimeoutMs: 777 }))
  expect((await fleet.report()).ejected).toHaveLength(1)
  await fleet.apply(to(both.slice(0, 1)))
  expect((await fleet.report()).counters.outlierEjectionsActive).toBe(0)
  await fleet.apply(to(both, { outlierDetection: ejecting({ intervalMs: 20, baseEjectionMs: 20 }) }))
  await call(8)
  status = 200
  while ((await fleet.report()).counters.outlierEjectionsActive > 0) continue
  const before = bad.requests.length
  await call(8)
  expect(bad.requests.length).toBeGreaterThan(before)
})

test('an ejection outlives the workers that found it', async () => {
  const [good, bad] = [await answering(200), await answering(500)]
  const main = new URL('../testdata/crashing-worker-main.ts', import.meta.url)
  const { fleet, port, errors } = await fleetOf(to([endpoint(good.port), endpoint(bad.port)]), { main })
  for (let call = 0; call < 8; call++) await ask(port(), '/')
  const crash = new BroadcastChannel('crash')
  open.push({ close: () => crash.close() })
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origin
  for (const worker of [0, 1]) crash.postMessage(worker)
  while (errors.length < 2 || fleet.listeners.bound.length === 0) await turn()
  for (let call = 0; call < 8; call++) expect((await ask(port(), '/')).status).toBe(200)
  expect((await fleet.report()).counters.outlierEjectionsActive).toBe(1)
  expect(bad.requests).toHaveLength(2)
})

test('a retry budget is one over both workers', async () => {
  const held: ServerResponse[] = []
  const server = await upstream((_request, response) => held.push(response))
  const retry = { attempts: 1, on: ['5xx'], statuses: [], perTryTimeoutMs: 0, backoffBaseMs: 1, backoffMaxMs: 1, avoidTriedPicks: 0 }
  const forward = { kind: 'forward', clusters: [{ cluster: 'reviews', weight: 1 }], retry } as const
  const budget = { retryBudget: { percent: 25, minConcurrency: 2 } }
  const { fleet, port } = await fleetOf(
    outboundView([route('', { action: forward })], [cluster('reviews', [endpoint(server.port)], budget)]),
  )
  let answered = 0
  const calls = Array.from({ length: 40 }, () => ask(port(), '/').finally(() => answered++))
  while (held.length < 40) await turn()
  // Of 40 calls under way 10 may be tries again.
  for (let failed = 1; failed <= 12; failed++) {
    held.shift()?.writeHead(503).end()
    while (held.length + answered < 40) await turn()
    expect(answered).toBe(Math.max(0, failed - 10))
  }
  for (const response of held.splice(0)) response.end()
  await Promise.all(calls)
  expect((await fleet.report()).counters).toMatchObject({ upstreamRetries: 10, upstreamRetryOverflow: 2 })
})
