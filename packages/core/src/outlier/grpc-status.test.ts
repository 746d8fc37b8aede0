import { expect, test } from 'vitest'
import { grpcToHttpStatus } from './grpc-status.ts'

test.each([
  ['0', 200],
  ['1', 499],
  ['2', 500],
  ['4', 504],
  ['8', 429],
  ['12', 501],
  ['13', 500],
  ['14', 503],
  ['16', 401],
  ['17', 500],
  ['x', 500],
])('grpc-status %s counts as %i', (status, http) => {
  expect(grpcToHttpStatus(status)).toBe(http)
})
