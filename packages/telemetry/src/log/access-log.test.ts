import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LIMITS } from '../limits.ts'
import { callRecord, tcpRecord } from '../testdata/records.ts'
import { formatAccessLog } from './access-log.ts'

test('a request is told in the default format of Istio, byte for byte', () => {
  expect(formatAccessLog(callRecord())).toBe(
    '[2026-11-21T10:30:05.007Z] "GET /reviews/0?fields=all HTTP/1.1" 200 - via_upstream - "-" 0 295 4 3 "-" "curl/8.5.0" ' +
      '"84961386-6d84-929d-98bd-c5aee93b5c88" "reviews:9080" "127.1.0.5:9080" outbound|9080|v2|reviews.default.svc.cluster.local ' +
      '127.1.0.2:37652 127.1.0.2:15001 127.0.0.1:46520 - default\n',
  )
})

test('a request that found no upstream has dashes and flags', () => {
  const record = callRecord({
    status: 503,
    flags: ['UF', 'URX'],
    details: 'upstream_reset_before_response_started{connection failure}',
    transportFailure: 'delayed connect error: 111',
    upstreamMs: undefined,
    upstreamRemote: undefined,
    upstreamLocal: undefined,
    cluster: undefined,
    userAgent: undefined,
    requestId: undefined,
    routeName: '',
    sni: 'outbound_.9080_._.reviews.default.svc.cluster.local',
  })
  expect(formatAccessLog(record)).toBe(
    '[2026-11-21T10:30:05.007Z] "GET /reviews/0?fields=all HTTP/1.1" 503 UF,URX upstream_reset_before_response_started{connection_failure} - ' +
      '"delayed connect error: 111" 0 295 4 - "-" "-" "-" "reviews:9080" "-" - - 127.1.0.2:15001 127.0.0.1:46520 ' +
      'outbound_.9080_._.reviews.default.svc.cluster.local -\n',
  )
})

test('a TCP connection is told in the same columns', () => {
  expect(formatAccessLog(tcpRecord())).toBe(
    '[2026-11-21T10:30:05.007Z] "- - -" 0 - - - "-" 10 20 4 - "-" "-" "-" "-" "127.1.0.5:9080" ' +
      'outbound|9080|v2|reviews.default.svc.cluster.local 127.1.0.2:37652 127.1.0.2:15001 127.0.0.1:46520 - -\n',
  )
})

test('times of one second and of the next are told right', () => {
  const { startMs } = callRecord()
  const times = [0, 1, 992, 993, 1992.9, -8].map((plus) => formatAccessLog(callRecord({ startMs: startMs + plus })).slice(1, 25))
  expect(times).toEqual([
    '2026-11-21T10:30:05.007Z',
    '2026-11-21T10:30:05.008Z',
    '2026-11-21T10:30:05.999Z',
    '2026-11-21T10:30:06.000Z',
    '2026-11-21T10:30:06.999Z',
    '2026-11-21T10:30:04.999Z',
  ])
})

test('quotes, backslashes and line feeds of a caller are escaped', () => {
  const line = formatAccessLog(callRecord({ userAgent: 'a" 200 \\\r\n[2026] "GET', authority: '\u2028\u0085x' }))
  expect(line).toContain('"a\\x22 200 \\x5C\\x0D\\x0A[2026] \\x22GET"')
  expect(line).toContain('"\\u2028\\x85x"')
})

test('no value of any field can end its field or its line', () => {
  const hostile = fc.string({ unit: 'binary', maxLength: 60 })
  fc.assert(
    fc.property(
      fc.record({ path: hostile, userAgent: hostile, authority: hostile, sni: hostile, details: hostile, routeName: hostile }),
      (change) => {
        const line = formatAccessLog(callRecord(change))
        expect(line.indexOf('\n')).toBe(line.length - 1)
        expect(line.split('"')).toHaveLength(15)
        expect(
          line
            .replaceAll(/"[^"]*"/g, 'Q')
            .trimEnd()
            .split(' '),
        ).toHaveLength(22)
      },
    ),
  )
})

test('a field is bounded', () => {
  const line = formatAccessLog(callRecord({ path: `/${'x'.repeat(100_000)}` }))
  expect(line.length).toBeLessThan(LIMITS.logFieldLength + 500)
})
