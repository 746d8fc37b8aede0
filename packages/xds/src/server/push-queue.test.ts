import { expect, test } from 'vitest'
import { PUSH_BATCH } from '../limits.ts'
import { createPushQueue } from './push-queue.ts'

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

test('an item that waits already is worked once, and a batch is bounded', async () => {
  const worked: number[] = []
  const queue = createPushQueue<number>((item) => worked.push(item))
  for (let item = 0; item < PUSH_BATCH + 1; item++) queue.add(item)
  queue.add(0)
  expect(worked).toEqual([])
  await nextTurn()
  expect(worked).toHaveLength(PUSH_BATCH)
  await nextTurn()
  expect(worked).toHaveLength(PUSH_BATCH + 1)
})

test('after close nothing is worked', async () => {
  const worked: number[] = []
  const queue = createPushQueue<number>((item) => worked.push(item))
  queue.add(1)
  queue.close()
  await nextTurn()
  expect(worked).toEqual([])
})
