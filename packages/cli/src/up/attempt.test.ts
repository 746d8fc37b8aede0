import { expect, test } from 'vitest'
import { createAttempt } from './attempt.ts'

test('what fails is told once, and again after it has gone well', () => {
  const said: string[] = []
  const attempt = createAttempt((line) => said.push(line))
  const fail = (): never => {
    throw new Error('ENOSPC')
  }
  expect([attempt('run.json', fail), attempt('run.json', fail), attempt('other', fail)]).toEqual([false, false, false])
  expect(said).toEqual(['run.json: ENOSPC. The mesh runs on.', 'other: ENOSPC. The mesh runs on.'])
  expect(attempt('run.json', () => undefined)).toBe(true)
  attempt('run.json', fail)
  expect(said).toHaveLength(3)
})
