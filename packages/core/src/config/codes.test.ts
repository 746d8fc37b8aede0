import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { FINDING_CODES } from './codes.ts'

test('the page of findings lists every code as it is', () => {
  const page = readFileSync(new URL('../../../../docs/findings.md', import.meta.url), 'utf8')
  const rows = Object.entries(FINDING_CODES).map(([code, { severity, meaning }]) => `| ${code} | ${severity} | ${meaning} |`)
  expect(page.split('\n').filter((line) => /^\| (?:IST|MESH)/.test(line))).toEqual(rows)
})
