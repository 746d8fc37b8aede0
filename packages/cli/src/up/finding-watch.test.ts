import { expect, test } from 'vitest'
import { findingOf, type Finding } from '@mesh/core/config'
import { createFindingNews as createNews } from './finding-watch.ts'
import { FORGET_AFTER_ROUNDS, MAX_SHOWN_FINDINGS } from './limits.ts'

const finding = (severity: Finding['severity'], line: number, message = 'Wrong.'): Finding => ({
  ...findingOf('MESH0102', {
    origin: { kind: 'VirtualService', namespace: 'default', name: 'web', file: '/mesh/web.yaml', line, column: 3 },
    message,
  }),
  severity,
})

/** News without object and page, which every line ends with. */
const createFindingNews = (cwd: string): ReturnType<typeof createNews> => {
  const news = createNews(cwd)
  return (findings) => news(findings).map((line) => line.replace(/( \(VirtualService default\/web\))? See:? .*MESH0\d+(\.md)?$/, ''))
}

test('what has been told is not told again; an error that has moved is', () => {
  const news = createFindingNews('/mesh')
  expect(news([finding('error', 4), finding('warning', 4)])).toEqual([
    'web.yaml:4:3: error MESH0102 Wrong.',
    'web.yaml:4:3: warning MESH0102 Wrong.',
  ])
  expect(news([finding('error', 4), finding('warning', 4)])).toEqual([])
  expect(news([finding('error', 5), finding('warning', 5)])).toEqual(['web.yaml:5:3: error MESH0102 Wrong.'])
})

test('one line when the last error has gone, and the same error is news when it comes back', () => {
  const news = createFindingNews('/mesh')
  expect(news([])).toEqual([])
  expect(news([finding('error', 4), finding('error', 5)])).toHaveLength(2)
  expect(news([finding('error', 5)])).toEqual([])
  expect(news([])).toEqual(['No errors are left in the configuration: what is saved is in force.'])
  expect(news([])).toEqual([])
  expect(news([finding('error', 4)])).toEqual(['web.yaml:4:3: error MESH0102 Wrong.'])
})

test('a warning that is absent for a moment is no news, one that comes back later is', () => {
  const news = createFindingNews('/mesh')
  const away = (rounds: number): void => {
    for (let round = 0; round < rounds; round++) expect(news([])).toEqual([])
  }
  expect(news([finding('warning', 4)])).toHaveLength(1)
  away(FORGET_AFTER_ROUNDS)
  expect(news([finding('warning', 4)])).toEqual([])
  away(FORGET_AFTER_ROUNDS + 1)
  expect(news([finding('warning', 4)])).toHaveLength(1)
})

test('a last good form of an object without a told error has its own line; what is for information has none', () => {
  const news = createFindingNews('/mesh')
  expect(news([{ ...finding('warning', 4), code: 'MESH0006' }, finding('info', 5)])).toEqual(['web.yaml:4:3: warning MESH0006 Wrong.'])
})

test('of a file that is no YAML is told that the last good form of its objects keeps serving', () => {
  const unreadable = {
    ...finding('error', 1),
    origin: { kind: 'Document', namespace: '', name: '', file: '/mesh/web.yaml', line: 1, column: 4 },
  }
  expect(createFindingNews('/mesh')([unreadable, { ...finding('warning', 4), code: 'MESH0006' }])).toEqual([
    'web.yaml:1:4: error MESH0102 Wrong. The last good form keeps serving.',
  ])
})

test('a flood of findings is cut short', () => {
  const many = Array.from({ length: MAX_SHOWN_FINDINGS + 7 }, (_, at) => finding('error', at + 1))
  expect(createFindingNews('/mesh')(many).at(-1)).toBe('... and 7 more findings')
})
