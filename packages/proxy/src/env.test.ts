import { expect, test } from 'vitest'
import { createRandomSource } from './env.ts'

const random = createRandomSource()

test('random hex has two digits a byte and does not repeat over many blocks', () => {
  const seen = new Set<string>()
  for (let index = 0; index < 5_000; index++) seen.add(random.randomHex(16))
  expect(seen.size).toBe(5_000)
  for (const id of seen) expect(id).toMatch(/^[0-9a-f]{32}$/)
})

test('chance stays in [0, 1) and is spread evenly', () => {
  const buckets = new Array<number>(10).fill(0)
  for (let index = 0; index < 20_000; index++) {
    const chance = random.chance()
    expect(chance >= 0 && chance < 1).toBe(true)
    buckets[Math.floor(chance * 10)]!++
  }
  for (const count of buckets) expect(Math.abs(count - 2_000)).toBeLessThan(400)
})

test('UUIDs are of version 4 and do not repeat over many blocks', () => {
  const seen = new Set<string>()
  for (let index = 0; index < 5_000; index++) seen.add(random.randomUuid())
  expect(seen.size).toBe(5_000)
  for (const id of seen) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
})
