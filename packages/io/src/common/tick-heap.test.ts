import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { TickHeap } from './tick-heap.ts'

test('numbers come out in order, however they went in', () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), (numbers) => {
      const heap = new TickHeap()
      for (const number of numbers) heap.push(number)
      const out: number[] = []
      for (let first = heap.first; first !== undefined; first = heap.first) {
        out.push(first)
        heap.pop()
      }
      expect(out).toEqual(numbers.toSorted((a, b) => a - b))
    }),
  )
})
