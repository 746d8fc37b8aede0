import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { threadArgs } from './member.ts'

const SOURCE = '--conditions=@mesh/source'

test('a worker is given no flags but those that it needs to find its sources', () => {
  expect(threadArgs([SOURCE, '--max-semi-space-size=4'], true)).toEqual({})
  expect(threadArgs(['--max-semi-space-size=4'], true)).toEqual({ execArgv: [SOURCE] })
  expect(threadArgs(['--max-semi-space-size=4'], false)).toEqual({})
})

test('Node refuses to start a thread with flags of V8', () => {
  expect(() => new Worker('', { eval: true, execArgv: ['--max-semi-space-size=4'] })).toThrow('invalid execArgv flags')
})
