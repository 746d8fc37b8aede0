import { expect, test } from 'vitest'
import { ask } from '../testdata/client.ts'
import { plane } from '../testdata/open.ts'
import { cluster, endpoint, outboundView, route } from '../testdata/views.ts'

test('tries that fail at once, one after the other, are told as a failure and break nothing', async () => {
  const retry = {
    attempts: 1_000,
    on: ['connect-failure', 'reset'],
    statuses: [],
    perTryTimeoutMs: 0,
    backoffBaseMs: 1,
    backoffMaxMs: 1,
    avoidTriedPicks: 0,
  }
  const forward = { kind: 'forward', clusters: [{ cluster: 'reviews', weight: 1 }], retry } as const
  const tls = { mode: 'mutual', sni: 'reviews', sans: [], alpn: ['istio'] } as const
  const made = await plane(outboundView([route('', { action: forward })], [cluster('reviews', [endpoint(1)], { tls })]))
  expect((await ask(made.port(), '/')).status).toBe(503)
  expect((await made.recorded(1))[0]).toMatchObject({ attempts: 1_001, flags: ['URX', 'UF'] })
})
