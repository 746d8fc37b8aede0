import type { Logger } from '@mesh/telemetry'
import { expect, test } from 'vitest'
import { tellOutlier } from './outlier-log.ts'

test('the log names the endpoint, why it is ejected and by which line, and tells when it is back', () => {
  const lines: unknown[] = []
  const write = (level: string) => (fields: unknown, message?: string) => void lines.push([level, fields, message])
  const log = { info: write('info'), warn: write('warn') } as Pick<Logger, 'info' | 'warn'>
  const rule = { kind: 'DestinationRule', namespace: 'default', name: 'reviews', file: 'reviews.yaml', line: 7, column: 3 }
  const at = { cluster: 'outbound|9080||reviews', address: '127.0.0.2', port: 9080 }
  tellOutlier(log, { ...at, kind: 'ejected', reason: 'consecutive_5xx', forMs: 30_000 }, rule)
  tellOutlier(log, { ...at, kind: 'kept', reason: 'consecutive_5xx' }, rule)
  tellOutlier(log, { ...at, address: '::1', kind: 'returned' }, rule)
  expect(lines).toEqual([
    [
      'warn',
      {
        cluster: 'outbound|9080||reviews',
        endpoint: '127.0.0.2:9080',
        reason: 'consecutive_5xx',
        forMs: 30_000,
        rule: 'DestinationRule default/reviews (reviews.yaml:7:3)',
      },
      'an endpoint is ejected',
    ],
    ['info', { cluster: 'outbound|9080||reviews', endpoint: '[::1]:9080' }, 'an endpoint takes calls again'],
  ])
})
