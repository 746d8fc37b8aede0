import { expect, test } from 'vitest'
import { PlainHead } from '../../call/plain-head.ts'
import type { RouteMatch } from '../../view/route.ts'
import { aRoute, aTable, SOMEBODY } from '../testdata/build.ts'
import { compileTable } from './route-matcher.ts'

const ANY: RouteMatch = { path: { kind: 'prefix', value: '/' }, headers: [], query: [] }

function matches(match: Partial<RouteMatch>, path: string, headers: readonly (readonly [string, string])[] = [], method = 'GET'): boolean {
  const head = new PlainHead({ method, scheme: 'http', authority: 'a', path, headers })
  return compileTable(aTable([aRoute({ match: { ...ANY, ...match } })])).route(head, SOMEBODY).kind === 'route'
}

test('paths match without the query string', () => {
  expect(matches({ path: { kind: 'exact', value: '/a' } }, '/a?b=c')).toBe(true)
  expect(matches({ path: { kind: 'exact', value: '/a' } }, '/a/')).toBe(false)
  expect(matches({ path: { kind: 'exact', value: '/A', ignoreCase: true } }, '/a')).toBe(true)
  expect(matches({ path: { kind: 'prefix', value: '/api' } }, '/apiary')).toBe(true)
  expect(matches({ path: { kind: 'regex', value: '/a/[0-9]+' } }, '/a/12')).toBe(true)
  expect(matches({ path: { kind: 'regex', value: '/a/[0-9]+' } }, '/a/12/b')).toBe(false)
})

test('an absent header satisfies an inverted test only', () => {
  const value = { kind: 'exact', value: 'jason' } as const
  expect(matches({ headers: [{ name: 'end-user', value }] }, '/')).toBe(false)
  expect(matches({ headers: [{ name: 'end-user', value, invert: true }] }, '/')).toBe(true)
  expect(matches({ headers: [{ name: 'end-user', value, invert: true }] }, '/', [['end-user', 'jason']])).toBe(false)
  expect(matches({ headers: [{ name: 'end-user', value: { kind: 'present' }, invert: true }] }, '/', [['end-user', '']])).toBe(false)
})

test('a missing header can count as empty', () => {
  const value = { kind: 'exact', value: '' } as const
  expect(matches({ headers: [{ name: 'x', value, absentIsEmpty: true }] }, '/')).toBe(true)
  expect(matches({ headers: [{ name: 'x', value, absentIsEmpty: true, invert: true }] }, '/')).toBe(false)
})

test('method, authority and scheme are pseudo headers', () => {
  const post = { name: ':method', value: { kind: 'exact', value: 'POST' } } as const
  expect(matches({ headers: [post] }, '/', [], 'POST')).toBe(true)
  expect(matches({ headers: [post] }, '/')).toBe(false)
  expect(matches({ headers: [{ name: ':authority', value: { kind: 'exact', value: 'a' } }] }, '/')).toBe(true)
  expect(matches({ headers: [{ name: ':scheme', value: { kind: 'exact', value: 'https' } }] }, '/')).toBe(false)
})

test('query parameters match by name, whatever stands around them', () => {
  const query = [{ name: 'v', value: { kind: 'exact', value: '2' } }] as const
  expect(matches({ query }, '/?a=1&v=2')).toBe(true)
  expect(matches({ query }, '/?vv=2')).toBe(false)
  expect(matches({ query }, '/?v=2&v=3')).toBe(true)
  expect(matches({ query }, '/')).toBe(false)
  expect(matches({ query: [{ name: 'v', value: { kind: 'present' } }] }, '/?v')).toBe(true)
})

test('a regular expression that is none never matches', () => {
  expect(matches({ path: { kind: 'regex', value: '(' } }, '(')).toBe(false)
  expect(matches({ path: { kind: 'regex', value: '(.?){1000}N' } }, 'N')).toBe(false)
  expect(matches({ headers: [{ name: 'x', value: { kind: 'regex', value: '[' }, invert: true }] }, '/')).toBe(false)
})

test('a header sent twice is one text, joined by commas', () => {
  const twice = [
    ['x-role', 'admin'],
    ['x-role', 'user'],
  ] as const
  const role = (value: string) => ({ headers: [{ name: 'x-role', value: { kind: 'exact', value } as const }] })
  expect(matches(role('admin,user'), '/', twice)).toBe(true)
  expect(matches(role('admin'), '/', twice)).toBe(false)
  expect(matches(role('user'), '/', twice)).toBe(false)
})

test('a request that is more work to route than one may be is not routed, not even by what its routes do not ask', () => {
  const wild = (index: number, invert: boolean) => ({
    name: 'x-long',
    value: { kind: 'regex' as const, value: `.*[ab].{40}x${index}` },
    invert,
  })
  const routes = Array.from({ length: 60 }, (_, index) => aRoute({ match: { ...ANY, headers: [wild(index, false)] } }))
  const inverted = aRoute({ match: { ...ANY, headers: Array.from({ length: 60 }, (_, index) => wild(index, true)) } })
  const head = (value: string) => new PlainHead({ method: 'GET', scheme: 'http', authority: 'a', path: '/', headers: [['x-long', value]] })
  const refused = { kind: 'none', code: 'regex_work_exceeded', flag: 'DPE' }
  expect(compileTable(aTable([...routes, aRoute()])).route(head('ab'.repeat(20_000)), SOMEBODY)).toMatchObject(refused)
  expect(compileTable(aTable([inverted])).route(head('ab'.repeat(20_000)), SOMEBODY)).toMatchObject(refused)
  expect(compileTable(aTable([...routes, aRoute()])).route(head('ab'), SOMEBODY)).toMatchObject({ kind: 'route' })
})

test('the first matching route wins, and none is 404 NR', () => {
  const first = aRoute({ name: 'first', match: { ...ANY, path: { kind: 'prefix', value: '/a' } } })
  const second = aRoute({ name: 'second', match: { ...ANY, path: { kind: 'prefix', value: '/ab' } } })
  const table = compileTable(aTable([first, second]))
  const at = (path: string) => table.route(new PlainHead({ method: 'GET', scheme: 'http', authority: 'a', path }), SOMEBODY)
  expect(at('/abc')).toMatchObject({ kind: 'route', route: { name: 'first' } })
  expect(at('/b')).toMatchObject({ kind: 'none', flag: 'NR', code: 'route_not_found' })
})
