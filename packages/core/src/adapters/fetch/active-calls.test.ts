import { expect, test } from 'vitest'
import { anEndpoint } from '../../engine/testdata/build.ts'
import { ActiveCalls } from './active-calls.ts'

test('calls are counted by endpoint and each ends once', () => {
  const calls = new ActiveCalls()
  const [one, other] = [anEndpoint('127.0.0.3'), anEndpoint('127.0.0.4')]
  const first = calls.begin(one)
  const second = calls.begin({ ...one })
  expect([calls.of(one), calls.of(other)]).toEqual([2, 0])
  first()
  first()
  expect(calls.of(one)).toBe(1)
  second()
  expect(calls.of(one)).toBe(0)
})
