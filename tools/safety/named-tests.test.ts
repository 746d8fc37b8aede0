import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'

const ROOT = resolve(import.meta.dirname, '../..')

/** `- \`file\`: title` of docs/security.md. */
function namedTests(): readonly (readonly [file: string, title: string])[] {
  const page = readFileSync(join(ROOT, 'docs/security.md'), 'utf8')
  return [...page.matchAll(/^- `([^`]+)`: (.+)$/gm)].map(([, file = '', title = '']) => [file, title])
}

test('each test that docs/security.md names is there', () => {
  const named = namedTests()
  expect(named.length).toBeGreaterThan(50)
  const missing = named.filter(([file, title]) => !existsSync(join(ROOT, file)) || !holds(readFileSync(join(ROOT, file), 'utf8'), title))
  expect(missing).toEqual([])
})

/** A whole title, in a test or a list of cases. */
function holds(text: string, title: string): boolean {
  return [`'${title}'`, `"${title}"`, `\`${title}\``, `: ${title}\``, `## ${title}\n`].some((form) => text.includes(form))
}
