import { tmpdir } from 'node:os'
import { expect, test } from 'vitest'
import { FINDING_CODES } from '@mesh/core/config'
import { meshctl } from '../testdata/meshctl.ts'

const run = (...args: string[]) => meshctl(tmpdir(), ['finding', ...args])

test('the page of a code is printed, whatever its case', async () => {
  const { code, stdout, stderr } = await run('ist0101')
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toMatch(/^# IST0101 /)
  expect(stdout).toMatch(/warning IST0101 No service has the host/)
  expect(stdout).toContain('## What to do')
})

test('without a code all are listed; one that is none answers 1', async () => {
  const all = await run()
  expect(all.code).toBe(0)
  for (const code of Object.keys(FINDING_CODES)) expect(all.stdout).toContain(code)
  expect(await run('IST9999')).toMatchObject({ code: 1, stdout: '', stderr: 'There is no finding "IST9999". See: meshctl finding\n' })
  expect((await run('constructor')).code).toBe(1)
})
