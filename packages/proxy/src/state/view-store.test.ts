import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EMPTY_VIEW, type View } from '@mesh/core/view'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openViewStore, type ViewStore } from './view-store.ts'

let dir: string
let problems: string[]
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'mesh-view-'))
  problems = []
})
afterEach(() => rmSync(dir, { recursive: true }))

const VIEW: View = { ...EMPTY_VIEW, snapshot: 'abc123abc123', routes: [{ name: 'http_proxy', hosts: [] }] }
const store = (node = 'reviews'): ViewStore => openViewStore({ dir, node, onProblem: (sentence) => problems.push(sentence) })

const save = (view: View): void => {
  const opened = store()
  opened.save(EMPTY_VIEW)
  opened.save(view)
  opened.flush()
}

test('a stored view comes back equal, in a file that only its owner reads', () => {
  save(VIEW)
  expect(store().load()).toEqual(VIEW)
  expect(readdirSync(dir)).toEqual(['view.json'])
  expect(statSync(join(dir, 'view.json')).mode & 0o777).toBe(0o600)
  expect(problems).toEqual([])
})

test('nothing stored is no problem', () => {
  expect(store().load()).toBeUndefined()
  expect(problems).toEqual([])
})

test('a file whose content was changed, cut short, or belongs to another node is not used', () => {
  save(VIEW)
  const file = join(dir, 'view.json')
  const text = readFileSync(file, 'utf8')
  for (const bad of [text.replace('abc123abc123', 'abc123abc124'), text.slice(0, -5), '', 'not json']) {
    writeFileSync(file, bad)
    expect(store().load()).toBeUndefined()
  }
  expect(problems).toHaveLength(4)
  writeFileSync(file, text)
  expect(store('ratings').load()).toBeUndefined()
  expect(problems[4]).toContain('it belongs to reviews')
})
