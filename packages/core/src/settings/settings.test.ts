import { expect, test } from 'vitest'
import {
  endpoint,
  fields,
  flag,
  listOf,
  oneOf,
  optional,
  orElse,
  orNull,
  parseSetting,
  parseSettings,
  port,
  settingsFile,
  text,
  texts,
} from './index.ts'

const shape = fields({
  name: text((name) => !name.includes(' '), 'write it without spaces'),
  port: orElse(port(), 80),
  mode: oneOf('fast', 'safe'),
  ids: orNull(fields({ file: text() })),
  labels: orElse(texts(), {}),
  dirs: listOf(text(), 1, 2),
  loud: optional(flag()),
})
const least = { name: 'a', mode: 'fast', ids: null, dirs: ['/a'] }
const parse = (settings: unknown): unknown => parseSettings(shape, JSON.stringify(settings), 'a.json')

test('what is left out has its usual value, and what is said stands', () => {
  expect(parse(least)).toEqual({ ...least, port: 80, labels: {} })
  const full = { ...least, port: 0, ids: { file: 'x' }, labels: { app: '' }, dirs: ['/a', '/b'], loud: false }
  expect(parse(full)).toEqual(full)
})

test.each([
  [{ ...least, name: undefined }, 'a.json: name: is missing; write it without spaces'],
  [{ ...least, name: 'a b' }, 'a.json: name: write it without spaces'],
  [{ ...least, name: '' }, 'a.json: name: write it without spaces'],
  [{ ...least, port: 65_536 }, 'a.json: port: write a whole number from 0 to 65535'],
  [{ ...least, port: '80' }, 'a.json: port: write a whole number from 0 to 65535'],
  [{ ...least, port: 1.5 }, 'a.json: port: write a whole number from 0 to 65535'],
  [{ ...least, port: null }, 'a.json: port: write a whole number from 0 to 65535'],
  [{ ...least, mode: 'slow' }, 'a.json: mode: write one of fast, safe'],
  [{ ...least, ids: undefined }, 'a.json: ids: is missing; write an object'],
  [{ ...least, ids: { file: 1 } }, 'a.json: ids.file: write a text'],
  [{ ...least, labels: { app: 1 } }, 'a.json: labels: write an object of texts'],
  [{ ...least, dirs: [] }, 'a.json: dirs: write at least 1'],
  [{ ...least, dirs: ['a', 'b', 'c'] }, 'a.json: dirs: write at most 2'],
  [{ ...least, dirs: ['a', 1] }, 'a.json: dirs.1: write a text'],
  [{ ...least, loud: 'no' }, 'a.json: loud: write true or false'],
  [
    { ...least, extra: 1, ids: { file: 'x', toString: 1 } },
    'a.json: extra: there is no such setting; ids.toString: there is no such setting',
  ],
  [[], 'a.json: settings: write an object'],
])('%j is refused with %s', (settings, message) => {
  expect(() => parse(settings)).toThrow(new Error(message))
})

test.each(['10.0.0.1:15012', '[::1]:15012', 'pilot.mesh:1'])('%s is a place to connect to', (place) => {
  expect(parseSetting(endpoint(), place, 'pilot')).toBe(place)
})

test.each(['nowhere', '10.0.0.1', ':80', '::1:80', 'a:b', 'http://a:80'])('%s is no place to connect to', (place) => {
  expect(() => parseSetting(endpoint(), place, 'pilot')).toThrow(new Error('pilot: write it as address:port'))
})

test('a file that is no JSON is named', () => {
  expect(() => parseSettings(shape, '{', 'a.json')).toThrow('a.json is not JSON')
})

test('the settings file is named by the flag, else by the environment', () => {
  expect(settingsFile(['--settings', 'a.json'], { MESH_SETTINGS: 'b.json' })).toBe('a.json')
  expect(settingsFile([], { MESH_SETTINGS: 'b.json' })).toBe('b.json')
  expect(() => settingsFile(['--settings'], {})).toThrow('--settings FILE or MESH_SETTINGS=FILE')
})
