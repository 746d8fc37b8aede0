import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { brokenLinks } from './links.ts'

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'mesh-links-'))
  mkdirSync(join(root, 'docs'))
  writeFileSync(join(root, 'docs/there.md'), '# The one heading: `code`\n')
})

afterEach(() => {
  rmSync(root, { recursive: true })
})

function check(text: string): readonly string[] {
  writeFileSync(join(root, 'docs/page.md'), text)
  return brokenLinks(root, 'docs/page.md')
}

test('files, headings and the web pass', () => {
  expect(check('[a](there.md) [b](../docs/there.md#the-one-heading-code) [c](https://example.com) [d](#here)\n\n# Here\n')).toEqual([])
})

test('a file or heading that is not there is told with its line', () => {
  expect(check('one\n[a](gone.md)\n[b](there.md#nowhere)\n[c](../../out.md)')).toEqual([
    'docs/page.md:2: gone.md does not exist',
    'docs/page.md:3: there.md#nowhere names no heading',
    'docs/page.md:4: ../../out.md leaves the repository',
  ])
})

test('code is no link', () => {
  expect(check('`[a](gone.md)`\n```\n[a](gone.md)\n```\n')).toEqual([])
})
