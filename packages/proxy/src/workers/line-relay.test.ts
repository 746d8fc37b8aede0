import { expect, test } from 'vitest'
import { LIMITS } from '../limits.ts'
import { createLineRelay } from './line-relay.ts'

test('lines leave together after a while, at once when they are many, and at the latest at the end', async () => {
  const sent: (readonly [length: number, lines: number])[] = []
  const wakes: (() => void)[] = []
  const relay = createLineRelay((text, lines) => {
    sent.push([text.length, lines])
    wakes.shift()?.()
  })
  const first = new Promise<void>((resolve) => wakes.push(resolve))
  relay.write('one\n')
  relay.write('two\nthree\n', 2)
  expect(sent).toEqual([])
  await first
  expect(sent).toEqual([[14, 3]])
  relay.write('x'.repeat(LIMITS.workerLinesBytes))
  relay.write('last\n')
  await relay.close()
  expect(sent.slice(1)).toEqual([
    [LIMITS.workerLinesBytes, 1],
    [5, 1],
  ])
})
