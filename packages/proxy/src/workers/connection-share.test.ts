import { expect, test } from 'vitest'
import { LIMITS } from '../limits.ts'
import { connectionShare } from './connection-share.ts'

test('what all workers accept together is what one alone would', () => {
  const { connections, connectionsPerListener } = connectionShare(3, 1_000)
  expect([connections, connectionsPerListener]).toEqual([333, Math.floor(LIMITS.connectionsPerListener / 3)])
  expect(connectionShare(4, 2).connections).toBe(1)
  expect(connectionShare(1).connections).toBeLessThanOrEqual(LIMITS.connections)
})

test('several workers have fewer calls on each connection of another proxy, though never so few that sharing it is worth nothing', () => {
  expect([1, 4, 64].map((workers) => connectionShare(workers).meshStreams)).toEqual([100, 25, 8])
})
