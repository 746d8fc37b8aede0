import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createRing } from './ring.ts'

const all = <Item>(ring: ReturnType<typeof createRing<Item>>): (Item | undefined)[] =>
  Array.from({ length: ring.next - ring.first }, (_, index) => ring.get(ring.first + index))

test('the newest are kept, each under its number', () => {
  const ring = createRing<string>({ maxCount: 3, maxBytes: 100, bytesOf: () => 1 })
  expect([ring.first, ring.next, ring.get(1)]).toEqual([1, 1, undefined])
  for (const item of ['a', 'b', 'c', 'd', 'e']) ring.add(item)
  expect(all(ring)).toEqual(['c', 'd', 'e'])
  expect([ring.first, ring.next, ring.get(2), ring.get(3), ring.get(6)]).toEqual([3, 6, undefined, 'c', undefined])
})

test('large ones push out several, and one beyond the bound is not kept at all', () => {
  const ring = createRing<number>({ maxCount: 10, maxBytes: 10, bytesOf: (size) => size })
  for (const size of [3, 3, 3, 5]) ring.add(size)
  expect(all(ring)).toEqual([3, 5])
  ring.add(11)
  expect([all(ring), ring.bytes, ring.next]).toEqual([[], 0, 6])
})

test('whatever is added, count and bytes stay within their bounds and the kept are the last ones', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(40), { maxLength: 60 }), fc.integer({ min: 1, max: 8 }), (sizes, maxCount) => {
      const ring = createRing<number>({ maxCount, maxBytes: 50, bytesOf: (size) => size })
      for (const size of sizes) {
        ring.add(size)
        const kept = all(ring)
        expect(kept.length).toBeLessThanOrEqual(maxCount)
        expect(ring.bytes).toBe(kept.reduce<number>((sum, one) => sum + (one ?? 0), 0))
        expect(ring.bytes).toBeLessThanOrEqual(50)
      }
      expect(all(ring)).toEqual(sizes.slice(sizes.length - (ring.next - ring.first)))
    }),
  )
})
