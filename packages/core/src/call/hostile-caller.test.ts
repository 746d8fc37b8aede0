import { expect, test } from 'vitest'
import { aCluster, aFilter, anEndpoint, aRoute, aTable, aView } from '../engine/testdata/build.ts'
import type { AuthzFilter } from '../view/authz.ts'
import type { HttpFilterChain } from '../view/listener.ts'
import type { Route } from '../view/route.ts'
import { simulate, type Simulation } from './testdata/simulate.ts'

const view = aView({ clusters: [aCluster('a')], endpoints: [{ cluster: 'a', endpoints: [anEndpoint('127.0.0.3')] }] })

function run(request: Simulation['request'], filter: Partial<HttpFilterChain>, routes: readonly Route[] = [aRoute()]) {
  return simulate({
    view,
    filter: aFilter(aTable(routes), filter),
    listener: { direction: 'inbound' },
    ...(request === undefined ? {} : { request }),
  })
}

const noAdmin: AuthzFilter = {
  action: 'DENY',
  policies: [
    { name: 'no-admin', permissions: [{ kind: 'path', path: { kind: 'prefix', value: '/admin' } }], principals: [{ kind: 'any' }] },
  ],
}

test.each([
  '/admin',
  '//admin',
  '///admin/x',
  '/./admin',
  '/%61dmin',
  '/\\admin',
  '\\admin',
  '/admin/../admin',
  '/a/../admin',
  '/a//../..//admin',
  '/admin;x',
  '/admin?x',
])('a policy about /admin* is not passed by %s', (path) => {
  const { local, tries } = run({ path }, { authz: [noAdmin], pathNormalization: 'merge-slashes' })
  expect([400, 403]).toContain(local?.status)
  expect(tries).toEqual([])
})

test('what policies judge is what is routed and what goes upstream', () => {
  const admin = aRoute({ name: 'admin', match: { path: { kind: 'prefix', value: '/shop/' }, headers: [], query: [] } })
  const levels = [
    [undefined, '//shop//%2e/a%2Fb', '//shop//a%2Fb', undefined],
    ['merge-slashes', '//shop//%2e/a%2Fb', '/shop/a%2Fb', 'admin'],
    ['decode-and-merge-slashes', '//shop%2f%2e/a%2Fb', '/shop/a/b', 'admin'],
    ['none', '/shop/../a', '/shop/../a', 'admin'],
  ] as const
  for (const [how, sent, upstream, name] of levels) {
    const routed = run({ path: sent }, how === undefined ? {} : { pathNormalization: how }, [admin, aRoute()])
    expect(routed.tries.map(({ path }) => path)).toEqual([upstream])
    expect(routed.call.route?.name || undefined).toBe(name)
  }
})

test('a request that is more work to route than one may be is told so', () => {
  const match = (index: number) => ({
    path: { kind: 'prefix', value: '/' } as const,
    headers: [{ name: 'x-long', value: { kind: 'regex', value: `.*[ab].{40}x${index}` } as const }],
    query: [],
  })
  const routes = [...Array.from({ length: 60 }, (_, index) => aRoute({ match: match(index) })), aRoute()]
  const { local } = run({ headers: [['x-long', 'ab'.repeat(20_000)]] }, {}, routes)
  expect(local).toMatchObject({ status: 431, flag: 'DPE', details: 'regex_work_exceeded' })
  expect(run({ headers: [['x-long', 'ab']] }, {}, routes).status).toBe(200)
})

test('a path that is more work to rewrite than one may be is refused', () => {
  const rewrite = { regex: { pattern: '.*x|.', substitution: 'b' } }
  const route = aRoute({ action: { kind: 'forward', clusters: [{ cluster: 'a', weight: 100 }], rewrite } })
  expect(run({ path: `/${'a'.repeat(50_000)}` }, {}, [route]).local).toMatchObject({ status: 400, details: 'path_rewrite_failed' })
})

test('an edge tells for whom it forwards, behind as many proxies as the mesh trusts', () => {
  const forwarded = (hops: number, ...received: string[]) => {
    const headers = received.map((value) => ['x-forwarded-for', value] as const)
    const { request } = run(
      { headers: [...headers, ['x-forwarded-proto', 'https']] },
      { edge: true, ...(hops === 0 ? {} : { forwarded: { from: [], hops } }) },
    )
    return ['x-forwarded-for', 'x-envoy-external-address', 'x-forwarded-proto'].map((name) => request.header(name))
  }
  expect(forwarded(0, '203.0.113.9')).toEqual(['127.0.0.9', '127.0.0.9', 'http'])
  expect(forwarded(1, '192.0.2.1, 203.0.113.9')).toEqual(['192.0.2.1, 203.0.113.9, 127.0.0.9', '203.0.113.9', 'https'])
  expect(forwarded(1, '192.0.2.1', '203.0.113.9')[1]).toBe('203.0.113.9')
  expect(forwarded(2, '203.0.113.9')[1]).toBe('127.0.0.9')
  expect(forwarded(1, 'nonsense')[1]).toBe('127.0.0.9')
  expect(forwarded(1)[0]).toBe('127.0.0.9')
})
