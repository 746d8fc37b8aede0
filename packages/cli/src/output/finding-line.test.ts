import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { findingOf } from '@mesh/core/config'
import { findingLine } from './finding-line.ts'

const ROOT = resolve(import.meta.dirname, '../../../..')
const finding = (file: string) =>
  findingOf('IST0106', {
    origin: { kind: 'VirtualService', namespace: 'default', name: 'reviews', file, line: 12, column: 9 },
    message: 'Unknown field `subst`.',
    fix: 'Write `subset`.',
  })

test('a finding is place, severity, code, what is wrong, what to do, of which object, and where to read more', () => {
  expect(findingLine(finding('/somewhere/config/reviews.yaml'), { cwd: '/somewhere', more: 'The last good form keeps serving.' })).toBe(
    'config/reviews.yaml:12:9: error IST0106 Unknown field `subst`. Write `subset`. The last good form keeps serving. (VirtualService default/reviews) See: meshctl finding IST0106',
  )
})

test('places in a sentence are told from the same folder as that of the finding, and other texts stay', () => {
  const said = (message: string) => findingLine({ ...finding('/somewhere/b.yaml'), message }, { cwd: '/somewhere' })
  expect(said('VirtualService default/a (/somewhere/config/a.yaml:1:1) already routes it.')).toContain(
    'VirtualService default/a (config/a.yaml:1:1) already routes it.',
  )
  expect(said('It is written in /somewhere/a.yaml:7 and /somewhere/c.yaml:8.')).toContain('written in a.yaml:7 and c.yaml:8.')
  for (const other of ['(/else/somewhere/a.yaml:1:1)', '(/somewhere-else/a.yaml:1:1)', 'no file "/somewhere/ca.pem"'])
    expect(said(other)).toContain(other)
})

test('in a checkout the page is a file', () => {
  const line = (cwd: string) => findingLine(finding(join(ROOT, 'a.yaml')), { cwd })
  expect(line(ROOT)).toMatch(/ See docs\/findings\/IST0106\.md$/)
  expect(line(join(ROOT, 'samples/bookshop'))).toMatch(/ See \.\.\/\.\.\/docs\/findings\/IST0106\.md$/)
  expect(line(tmpdir())).toMatch(/ See: meshctl finding IST0106$/)
})

test('a code that nobody knows has no page', () => {
  expect(findingLine({ ...finding('a.yaml'), code: '../../etc/passwd' }, { cwd: ROOT })).not.toContain('See')
})

test('what others wrote does not reach the terminal as commands, nor as lines of its own', () => {
  const hostile = findingLine({ ...finding('a\u001b]0;x\u0007.yaml'), message: 'Bad\u001b[2J\nb.yaml:1:1: fine' }, { cwd: ROOT })
  expect(hostile).not.toMatch(/\n/)
  expect(hostile).toContain('Bad b.yaml')
  expect(hostile.includes('\u001b')).toBe(false)
})
