import type { Finding } from '@mesh/core/config'
import { expect, test } from 'vitest'
import { createFindingLog } from './finding-log.ts'

const origin = { kind: 'Gateway', namespace: 'default', name: 'web', file: 'web.yaml', line: 7, column: 3 }
const broken: Finding = { code: 'IST0106', severity: 'error', origin, message: 'no', fix: 'yes', docs: 'docs/findings/IST0106.md' }
const odd: Finding = {
  code: 'MESH0103',
  severity: 'warning',
  origin: { ...origin, line: 9 },
  message: 'odd',
  docs: 'docs/findings/MESH0103.md',
}

test('a finding is told when it comes up, and again only when it comes back', () => {
  const lines: unknown[] = []
  const tell = createFindingLog((level, message, fields) => lines.push([level, message, fields]))
  tell([broken, odd, broken])
  tell([odd])
  const first = [
    ['error', 'no', { code: 'IST0106', place: 'web.yaml:7:3', fix: 'yes', docs: 'docs/findings/IST0106.md' }],
    ['warn', 'odd', { code: 'MESH0103', place: 'web.yaml:9:3', docs: 'docs/findings/MESH0103.md' }],
  ]
  expect(lines).toEqual(first)
  tell([odd, broken])
  expect(lines).toEqual([...first, first[0]])
})
