import { expect, test } from 'vitest'
import { PlainHead } from '../../call/plain-head.ts'
import type { AuthzFilter, AuthzPolicy, Permission, Principal } from '../../view/authz.ts'
import type { Peer } from '../request.ts'
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
  const broken: Permission = { kind: 'path', path: { kind: 'regex', value: '(' } }
  expect(asks([allow(policy([broken]))])).toBe(false)
  expect(asks([allow(policy([{ kind: 'not', of: broken }]))])).toBe(false)
  expect(asks([deny(policy([broken]))])).toBe(false)
  expect(asks([deny(policy([{ kind: 'not', of: broken }]))])).toBe(false)
})

test('a header sent twice slips through no DENY and into no ALLOW', () => {
  const admin: Permission = { kind: 'header', header: { name: 'x-role', value: { kind: 'exact', value: 'admin' } } }
  const twice = head([
    ['x-role', 'admin'],
    ['x-role', 'user'],
  ])
  expect(asks([deny(policy([admin]))], twice)).toBe(false)
  expect(asks([allow(policy([admin]))], twice)).toBe(false)
  expect(asks([allow(policy([{ kind: 'not', of: admin }]))], twice)).toBe(false)
})

test('paths are judged without their query string', () => {
  const path: Permission = { kind: 'path', path: { kind: 'exact', value: '/admin' } }
  expect(asks([deny(policy([path]))], head([], '/admin?x'))).toBe(false)
})

test('addresses: the direct peer, the last forwarded hop, our own', () => {
  const from = (kind: 'direct-ip' | 'remote-ip', address: string): readonly AuthzFilter[] => [
    allow(policy(ANY, [{ kind, cidr: { address, prefix: 32 } }])),
  ]
  const forwarded = head([['x-forwarded-for', '203.0.113.9, 198.51.100.7']])
  expect(asks(from('direct-ip', '127.0.0.9'), forwarded)).toBe(true)
  expect(asks(from('remote-ip', '198.51.100.7'), forwarded)).toBe(true)
  expect(asks(from('remote-ip', '203.0.113.9'), forwarded)).toBe(false)
  expect(asks(from('remote-ip', '127.0.0.9'))).toBe(true)
  expect(
    asks([deny(policy(ANY, [{ kind: 'remote-ip', cidr: { address: '10.0.0.0', prefix: 8 } }]))], head([['x-forwarded-for', 'nonsense']])),
  ).toBe(false)
  expect(asks([allow(policy([{ kind: 'destination-ip', cidr: { address: '127.0.0.2', prefix: 32 } }]))])).toBe(true)
})
