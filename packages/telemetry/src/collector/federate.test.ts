import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createMetrics } from '../metrics/call-metrics.ts'
import { readExposition, valueOf } from '../testdata/read-exposition.ts'
import { callRecord, REVIEWS } from '../testdata/records.ts'
import { federate } from './federate.ts'

const ONE = '127.1.0.2:15090'
const TWO = '127.1.0.3:15090'

test('families of several pages are one, and each sample names its page', () => {
  const page = (requests: number): string => {
    const metrics = createMetrics()
    for (let count = 0; count < requests; count++) metrics.record(callRecord({ peer: { ...REVIEWS, version: 'a"b\\c\nd, e="f"}' } }))
    return `${metrics.expose(callRecord().startMs)}# TYPE envoy_cluster_upstream_cx_active gauge\nenvoy_cluster_upstream_cx_active ${requests}\n`
  }
  const samples = readExposition(
    federate([
      { instance: ONE, text: page(3) },
      { instance: TWO, text: page(4) },
      { instance: '127.1.0.4:15090', text: undefined },
    ]),
  )
  expect(valueOf(samples, 'istio_requests_total', { instance: ONE, destination_version: 'a"b\\c\nd, e="f"}' })).toBe(3)
  expect(valueOf(samples, 'istio_requests_total', { instance: TWO })).toBe(4)
  expect(valueOf(samples, 'istio_request_duration_milliseconds_count', { instance: TWO })).toBe(4)
  expect(valueOf(samples, 'envoy_cluster_upstream_cx_active', { instance: ONE })).toBe(3)
  expect([ONE, TWO, '127.1.0.4:15090'].map((instance) => valueOf(samples, 'up', { instance }))).toEqual([1, 1, 0])
})

test('help and type are told once, as the first page says, and metrics without them stand for themselves', () => {
  expect(
    federate([
      { instance: 'a', text: 'bare 1\n# HELP x One.\n# TYPE x counter\nx 1 1700000000000\nother{a="b",} 2\n' },
      { instance: 'b', text: '# TYPE x gauge\nx{} 5\nbare NaN' },
    ]),
  ).toBe(
    [
      '# TYPE bare untyped',
      'bare{instance="a"} 1',
      'bare{instance="b"} NaN',
      '# HELP x One.',
      '# TYPE x counter',
      'x{instance="a"} 1 1700000000000',
      'x{instance="b"} 5',
      '# TYPE other untyped',
      'other{instance="a",a="b",} 2',
      '# HELP up Whether the page of this instance could be read.',
      '# TYPE up gauge',
      'up{instance="a"} 1',
      'up{instance="b"} 1',
      '',
    ].join('\n'),
  )
})

test('what is no exposition is left out, and no page can speak for another', () => {
  const page = '<html>\nup 7\nx{instance="spoofed"} 1\nx{a="b} 1\nx{a=b} 1\nx 1 2 3\nx one two\n# TYPE x evil\n'
  const samples = readExposition(federate([{ instance: 'a', text: page }]).replaceAll('instance="spoofed"', 'spoofed="1"'))
  expect(samples.map(({ name }) => name)).toEqual(['x', 'up'])
  expect(valueOf(samples, 'up')).toBe(1)
})

test('no page makes it throw or makes a line of another shape', () => {
  const line = /^(?:# (?:HELP|TYPE) [\w:]+ .*|[a-zA-Z_:][\w:]*\{instance="a".*\} \S+(?: -?\d+)?)$/
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('# TYPE x counter', 'x 1', 'x{a="b"} 2', '# HELP x h', 'x{', '}'))),
      (lines) => {
        for (const told of federate([{ instance: 'a', text: lines.join('\n') }])
          .trimEnd()
          .split('\n'))
          expect(told).toMatch(line)
      },
    ),
  )
})
