import { expect, test } from 'vitest'
import { PlainHead } from '../../call/plain-head.ts'
import type { AuthzFilter, AuthzPolicy, Permission, Principal } from '../../view/authz.ts'
import type { Peer, RequestHead } from '../request.ts'
import { SOMEBODY } from '../testdata/build.ts'
import { compileAuthorizer } from './authorizer.ts'

const ANY: readonly [{ readonly kind: 'any' }] = [{ kind: 'any' }]
const GET: Permission = { kind: 'header', header: { name: ':method', value: { kind: 'exact', value: 'GET' } } }
const PRODUCTPAGE = 'spiffe://cluster.local/ns/default/sa/productpage'

const policy = (permissions: readonly Permission[] = ANY, principals: readonly Principal[] = ANY, name = 'p'): AuthzPolicy => ({
  name,
  permissions,
  principals,
})
const allow = (...policies: AuthzPolicy[]): AuthzFilter => ({ action: 'ALLOW', policies })
const deny = (...policies: AuthzPolicy[]): AuthzFilter => ({ action: 'DENY', policies })
const head = (headers: readonly (readonly [string, string])[] = [], path = '/', method = 'GET') =>
  new PlainHead({ method, scheme: 'http', authority: 'a', path, headers })
const asks = (filters: readonly AuthzFilter[], request: PlainHead | undefined = head(), peer: Peer = SOMEBODY): boolean =>
  compileAuthorizer(filters).authorize(request, peer).allowed
const orderOf = (names: readonly string[]) => names.map((value) => ['x-role', value] as const)

test('without filters everybody may', () => {
  const authorizer = compileAuthorizer([])
  expect(authorizer.empty).toBe(true)
  expect(authorizer.authorize(head(), SOMEBODY).allowed).toBe(true)
})

test('an ALLOW filter without a matching policy denies, one without policies denies all', () => {
  expect(asks([allow()])).toBe(false)
  expect(asks([allow(policy([GET]))])).toBe(true)
  expect(asks([allow(policy([GET]))], head([], '/', 'POST'))).toBe(false)
})

test('DENY beats ALLOW and says which policy it was', () => {
  const decision = compileAuthorizer([deny(policy([GET], ANY, 'ns[default]-policy[x]-rule[0]')), allow(policy())]).authorize(
    head(),
    SOMEBODY,
  )
  expect(decision).toMatchObject({ allowed: false, code: 'rbac_access_denied_matched_policy[ns[default]-policy[x]-rule[0]]' })
  expect(compileAuthorizer([allow()]).authorize(head(), SOMEBODY)).toMatchObject({ code: 'rbac_access_denied_matched_policy[none]' })
})

test('a principal is the verified one, never a header', () => {
  const only = [allow(policy(ANY, [{ kind: 'authenticated', id: { kind: 'exact', value: PRODUCTPAGE } }]))]
  expect(asks(only, head([['x-forwarded-client-cert', `URI=${PRODUCTPAGE}`]]))).toBe(false)
  expect(asks(only, head(), { ...SOMEBODY, principal: PRODUCTPAGE })).toBe(true)
  expect(asks(only, head(), { ...SOMEBODY, principal: `${PRODUCTPAGE}2` })).toBe(false)
})

test('on TCP an ALLOW rule about HTTP never matches, negated or not', () => {
  const tcp = (filters: readonly AuthzFilter[]) => compileAuthorizer(filters).authorize(undefined, SOMEBODY).allowed
  expect(tcp([allow(policy([GET]))])).toBe(false)
  expect(tcp([allow(policy([{ kind: 'not', of: GET }]))])).toBe(false)
  expect(tcp([allow(policy([{ kind: 'destination-port', port: 9080 }]))])).toBe(true)
})

test('on TCP a DENY rule matches on the rest', () => {
  const tcp = (filters: readonly AuthzFilter[]) => compileAuthorizer(filters).authorize(undefined, SOMEBODY).allowed
  const onPort = (port: number): Permission => ({ kind: 'and', of: [GET, { kind: 'destination-port', port }] })
  expect(tcp([deny(policy([onPort(9080)]))])).toBe(false)
  expect(tcp([deny(policy([onPort(9081)]))])).toBe(true)
  expect(tcp([deny(policy([{ kind: 'not', of: GET }]))])).toBe(false)
})

test('what cannot be understood opens nothing', () => {
  for (const value of ['(', '(.?){1000}N', 'a'.repeat(1_025)]) {
    const broken: Permission = { kind: 'path', path: { kind: 'regex', value } }
    expect(asks([allow(policy([broken]))])).toBe(false)
    expect(asks([allow(policy([{ kind: 'not', of: broken }]))])).toBe(false)
    expect(asks([deny(policy([broken]))])).toBe(false)
    expect(asks([deny(policy([{ kind: 'not', of: broken }]))])).toBe(false)
  }
})

test.each(['exact', 'prefix', 'suffix', 'contains', 'regex'] as const)(
  'a header sent twice slips through no DENY and into no ALLOW: %s',
  (kind) => {
    const admin: Permission = {
      kind: 'header',
      header: { name: 'x-role', value: { kind, value: kind === 'regex' ? '.*admin.*' : 'admin' } },
    }
    const notAdmin: Permission = { kind: 'header', header: { ...admin.header, invert: true } }
    for (const roles of [orderOf(['admin', 'user']), orderOf(['user', 'admin']), orderOf(['user', 'admin', 'user'])]) {
      const twice = head(roles)
      expect(asks([deny(policy([admin]))], twice)).toBe(false)
      expect(asks([allow(policy([admin]))], twice)).toBe(false)
      expect(asks([allow(policy([{ kind: 'not', of: admin }]))], twice)).toBe(false)
      expect(asks([allow(policy([notAdmin]))], twice)).toBe(false)
      expect(asks([deny(policy([notAdmin]))], twice)).toBe(false)
    }
    expect(asks([allow(policy([admin]))], head(orderOf(['admin'])))).toBe(true)
  },
)

test('a comma in one value is part of it for an ALLOW, and parts a list for a DENY', () => {
  const firefox: Permission = { kind: 'header', header: { name: 'user-agent', value: { kind: 'prefix', value: 'Mozilla/5.0' } } }
  expect(asks([allow(policy([firefox]))], head([['user-agent', 'Mozilla/5.0 (KHTML, like Gecko)']]))).toBe(true)
  const admin: Permission = { kind: 'header', header: { name: 'x-role', value: { kind: 'exact', value: 'admin' } } }
  expect(asks([deny(policy([admin]))], head([['x-role', 'user, admin']]))).toBe(false)
  expect(asks([deny(policy([admin]))], head([['x-role', 'user,'.repeat(20_000)]]))).toBe(false)
  expect(asks([deny(policy([admin]))], head([['x-role', 'user,guest']]))).toBe(true)
})

test('a DENY about a host holds whatever port is written behind it, an ALLOW as it is written', () => {
  const at = (value: string): Permission => ({
    kind: 'header',
    header: { name: ':authority', value: { kind: 'exact', value, ignoreCase: true } },
  })
  const suffix: Permission = { kind: 'header', header: { name: ':authority', value: { kind: 'suffix', value: '.example' } } }
  const to = (authority: string) => new PlainHead({ method: 'GET', scheme: 'http', authority, path: '/' })
  for (const authority of ['admin.example', 'ADMIN.example:80', 'admin.example:4711', 'admin.example.']) {
    expect(asks([deny(policy([at('admin.example')]))], to(authority))).toBe(false)
    expect(asks([deny(policy([suffix]))], to(authority))).toBe(false)
    expect(asks([allow(policy([{ kind: 'not', of: at('admin.example') }]))], to(authority))).toBe(false)
  }
  expect(asks([deny(policy([at('admin.example')]))], to('admin.example.evil:80'))).toBe(true)
  expect(asks([allow(policy([at('admin.example')]))], to('admin.example:4711'))).toBe(false)
  expect(asks([allow(policy([at('admin.example:4711')]))], to('admin.example:4711'))).toBe(true)
})

test('server names are the same whatever their case', () => {
  const named = (value: string): Permission => ({ kind: 'sni', name: { kind: 'exact', value } })
  expect(asks([deny(policy([named('admin.example')]))], head(), { ...SOMEBODY, sni: 'ADMIN.Example' })).toBe(false)
  expect(asks([allow(policy([named('Shop.example')]))], head(), { ...SOMEBODY, sni: 'shop.example' })).toBe(true)
})

test('cookies are one list, whatever the number of lines that bring them', () => {
  const jason: Permission = { kind: 'header', header: { name: 'cookie', value: { kind: 'regex', value: '^(.*; )?user=jason(;.*)?$' } } }
  const cookies = head([
    ['cookie', 'a=b'],
    ['cookie', 'user=jason'],
  ])
  expect(asks([allow(policy([jason]))], cookies)).toBe(true)
  expect(asks([deny(policy([jason]))], cookies)).toBe(false)
})

test('a request that is more work to judge than one may be is denied, by ALLOW and by DENY', () => {
  const patterns = Array.from({ length: 60 }, (_, index) => `.*[ab].{40}x${index}`)
  const wild = patterns.map((value): Permission => ({ kind: 'header', header: { name: 'x-long', value: { kind: 'regex', value } } }))
  const long = head([['x-long', 'ab'.repeat(20_000)]])
  for (const filter of [deny(policy(wild)), allow(policy(wild)), allow(policy([{ kind: 'not', of: { kind: 'or', of: wild } }]))]) {
    const decision = compileAuthorizer([filter]).authorize(long, SOMEBODY)
    expect(decision).toMatchObject({ allowed: false, code: 'rbac_access_denied_regex_work_exceeded' })
  }
  expect(asks([deny(policy(wild))], head([['x-long', 'ab']]))).toBe(true)
})

test('paths are judged without their query string', () => {
  const path: Permission = { kind: 'path', path: { kind: 'exact', value: '/admin' } }
  expect(asks([deny(policy([path]))], head([], '/admin?x'))).toBe(false)
})

const GATEWAY = 'spiffe://cluster.local/ns/istio-system/sa/gateway'
const within = (kind: 'direct-ip' | 'remote-ip', address: string, prefix = 32): readonly Principal[] => [
  { kind, cidr: { address, prefix } },
]
const forwarded = head([['x-forwarded-for', '203.0.113.9, 198.51.100.7']])

test('addresses: the direct peer, our own', () => {
  expect(asks([allow(policy(ANY, within('direct-ip', '127.0.0.9')))], forwarded)).toBe(true)
  expect(asks([allow(policy(ANY, within('remote-ip', '127.0.0.9')))])).toBe(true)
  expect(asks([allow(policy([{ kind: 'destination-ip', cidr: { address: '127.0.0.2', prefix: 32 } }]))])).toBe(true)
  expect(asks([deny(policy(ANY, within('remote-ip', '10.0.0.0', 8)))], head([['x-forwarded-for', 'nonsense']]))).toBe(false)
})

test('where a PROXY header tells for whom a connection was made, that is the remote address, and the direct one stays', () => {
  const peer = { ...SOMEBODY, address: '198.51.100.7', directAddress: '10.0.0.1' }
  const allowed = (filter: AuthzFilter, on: RequestHead | undefined = undefined) => compileAuthorizer([filter]).authorize(on, peer).allowed
  for (const on of [undefined, head()]) {
    expect(allowed(allow(policy(ANY, within('remote-ip', '198.51.100.7'))), on)).toBe(true)
    expect(allowed(deny(policy(ANY, within('remote-ip', '198.51.100.7'))), on)).toBe(false)
    expect(allowed(allow(policy(ANY, within('remote-ip', '10.0.0.1'))), on)).toBe(false)
    expect(allowed(allow(policy(ANY, within('direct-ip', '10.0.0.1'))), on)).toBe(true)
    expect(allowed(allow(policy(ANY, within('direct-ip', '198.51.100.7'))), on)).toBe(false)
  }
})

test('a forged x-forwarded-for gets nobody in and past no DENY', () => {
  const peers: readonly Peer[] = [SOMEBODY, { ...SOMEBODY, principal: PRODUCTPAGE }]
  for (const peer of peers) {
    const trust = { edge: false, forwarded: { from: [GATEWAY], hops: 0 } }
    const as = (filter: AuthzFilter, claim: string) =>
      compileAuthorizer([filter], trust).authorize(head([['x-forwarded-for', claim]]), peer).allowed
    expect(as(allow(policy(ANY, within('remote-ip', '198.51.100.7'))), '198.51.100.7')).toBe(false)
    expect(as(deny(policy(ANY, within('remote-ip', '127.0.0.9'))), '198.51.100.7')).toBe(false)
    expect(as(allow(policy(ANY, [{ kind: 'not', of: within('remote-ip', '127.0.0.9')[0] ?? { kind: 'any' } }])), '198.51.100.7')).toBe(
      false,
    )
    // What a service passes on for its own caller still counts against that caller.
    expect(as(deny(policy(ANY, within('remote-ip', '198.51.100.7'))), '203.0.113.9, 198.51.100.7')).toBe(false)
    expect(as(deny(policy(ANY, within('remote-ip', '192.0.2.1'))), '198.51.100.7')).toBe(true)
  }
})

test('a gateway of the mesh is believed, and what it writes itself', () => {
  const from = (edge: boolean, hops: number, peer: Peer) => (address: string) =>
    compileAuthorizer([allow(policy(ANY, within('remote-ip', address)))], { edge, forwarded: { from: [GATEWAY], hops } }).authorize(
      forwarded,
      peer,
    ).allowed
  const gateway = { ...SOMEBODY, principal: GATEWAY }
  expect(['198.51.100.7', '203.0.113.9', '127.0.0.9'].map(from(false, 0, gateway))).toEqual([true, false, false])
  expect(['198.51.100.7', '203.0.113.9', '127.0.0.9'].map(from(false, 1, gateway))).toEqual([false, true, false])
  expect(['198.51.100.7', '203.0.113.9', '127.0.0.9'].map(from(false, 7, gateway))).toEqual([true, false, false])
  expect(['198.51.100.7', '203.0.113.9', '127.0.0.9'].map(from(true, 0, SOMEBODY))).toEqual([true, false, false])
})
