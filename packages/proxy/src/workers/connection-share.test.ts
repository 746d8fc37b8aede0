import { expect, test } from 'vitest'
import { LIMITS } from '../limits.ts'
import { connectionShare } from './connection-share.ts'

test('what all workers accept together is what one alone would', () => {
  const { connections, connectionsPerListener } = connectionShare(3, 1_000)
  expect([connections, connectionsPerListener]).toEqual([333, Math.floor(LIMITS.connectionsPerListener / 3)])
  expect(connectionShare(4, 2).connections).toBe(1)
  expect(connectionShare(1).connections).toBeLessThanOrEqual(LIMITS.connections)
})
