import { parseSetting } from '@mesh/core/settings'
import { expect, test } from 'vitest'
import { limitBytes, memoryLimit, memoryLimitFrom } from './memory-limit.ts'

const GI = 2 ** 30
const room = (containerBytes: number) => ({ containerBytes: () => containerBytes, totalBytes: () => 8 * GI })

test('a limit is bytes, or has the units of Kubernetes', () => {
  const read = (written: unknown): unknown => parseSetting(memoryLimit(), written, '--memory-limit')
  expect([64_000_000, '64000000', '64Ki', '512Mi', '1Gi', 'auto', 'off'].map((written) => read(written))).toEqual([
    64_000_000,
    64_000_000,
    65_536,
    536_870_912,
    GI,
    'auto',
    'off',
  ])
  expect(memoryLimitFrom({ MESH_MEMORY_LIMIT: '1Mi' })).toBe(1_048_576)
  expect(memoryLimitFrom({})).toBeUndefined()
})

test.each(['', '0', '-1', '1.5Gi', '12MB', 'much', 0, 1.5, null, true])('%j is none', (written) => {
  expect(() => parseSetting(memoryLimit(), written, '--memory-limit')).toThrow(
    '--memory-limit: write it as 512Mi, 1Gi or bytes, or auto, or off',
  )
})

test('unless it is told, a proxy may use all of its container, or half of its machine', () => {
  expect(limitBytes('auto', room(GI))).toBe(GI)
  expect([0, 9 * GI, 1.8e19].map((none) => limitBytes('auto', room(none)))).toEqual([4 * GI, 4 * GI, 4 * GI])
  expect(limitBytes(5, room(GI))).toBe(5)
  expect(limitBytes('off', room(GI))).toBe(Infinity)
})
