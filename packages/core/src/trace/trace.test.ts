import { expect, test } from 'vitest'
import { readTrace } from './context.ts'
import { readB3Decision, writeB3 } from './b3.ts'
import { readTraceparent, writeTraceparent } from './w3c.ts'

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
const SPAN = '00f067aa0ba902b7'
const read = (headers: Record<string, string>) => readTrace((name) => headers[name])

test('traceparent is read and written', () => {
  expect(readTraceparent(`00-${TRACE}-${SPAN}-01`)).toEqual({ traceId: TRACE, spanId: SPAN, sampled: true })
  expect(writeTraceparent({ traceId: TRACE, spanId: SPAN, sampled: false })).toBe(`00-${TRACE}-${SPAN}-00`)
})

test('a malformed traceparent is none', () => {
  const bad = [
    '',
    '00',
    `ff-${TRACE}-${SPAN}-01`,
    `00-${'0'.repeat(32)}-${SPAN}-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `00-${TRACE.toUpperCase()}-${SPAN}-01`,
    `00-${TRACE}-${SPAN}-01-x`,
  ]
  expect(bad.map(readTraceparent)).toEqual(Array(bad.length).fill(undefined))
  expect(readTraceparent(`01-${TRACE}-${SPAN}-00-more`)).toMatchObject({ sampled: false })
})

test('B3 is read from one header or several, 64-bit ids are padded', () => {
  expect(read({ b3: `${TRACE}-${SPAN}-d-05e3ac9a4f6e3b90` })).toEqual({ traceId: TRACE, spanId: SPAN, sampled: true })
  expect(read({ b3: `${TRACE}-${SPAN}` })).toEqual({ traceId: TRACE, spanId: SPAN, sampled: undefined })
  expect(read({ 'x-b3-traceid': SPAN, 'x-b3-spanid': SPAN, 'x-b3-sampled': '0' })).toEqual({
    traceId: SPAN.padStart(32, '0'),
    spanId: SPAN,
    sampled: false,
  })
  expect(read({ 'x-b3-traceid': 'zz', 'x-b3-spanid': SPAN })).toBeUndefined()
})

test('a decision may come without a trace', () => {
  expect(readB3Decision((name) => ({ b3: '0' })[name])).toBe(false)
  expect(readB3Decision((name) => ({ 'x-b3-flags': '1' })[name])).toBe(true)
  expect(readB3Decision(() => undefined)).toBeUndefined()
})

test('B3 in one header carries the parent', () => {
  expect(writeB3({ traceId: TRACE, spanId: SPAN, parentSpanId: undefined, sampled: true })).toBe(`${TRACE}-${SPAN}-1`)
  expect(writeB3({ traceId: TRACE, spanId: SPAN, parentSpanId: '05e3ac9a4f6e3b90', sampled: false })).toBe(
    `${TRACE}-${SPAN}-0-05e3ac9a4f6e3b90`,
  )
})
