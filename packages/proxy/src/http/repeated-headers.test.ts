import { compileEngine, type Peer } from '@mesh/core/engine'
import type { AuthzFilter, HeaderMatch } from '@mesh/core/view'
import { RequestParser, type RequestHead } from '@mesh/wire'
import { expect, test } from 'vitest'
import { httpFilter, route, view } from '../testdata/views.ts'

const PEER: Peer = { address: '127.0.0.9', port: 4711, localAddress: '127.0.0.2', localPort: 9080 }

function headOf(...lines: string[]): RequestHead {
  const parser = new RequestParser()
  expect(parser.step(Buffer.from(`GET / HTTP/1.1\r\nhost: a\r\n${lines.join('\r\n')}\r\n\r\n`, 'latin1'), 0)).toBe('head')
  return parser.head
}

const ROLES = [
  ['X-Role: admin', 'x-role: user'],
  ['x-role: user', 'x-role: admin'],
]
const KINDS = ['exact', 'prefix', 'suffix', 'contains', 'regex'] as const

function judge(action: AuthzFilter['action'], header: HeaderMatch, head: RequestHead): boolean {
  const policy = { name: 'p', permissions: [{ kind: 'header' as const, header }], principals: [{ kind: 'any' as const }] }
  const filter = httpFilter({ authz: [{ action, policies: [policy] }] })
  return compileEngine(view({})).authorizer(filter).authorize(head, PEER).allowed
}

test.each(KINDS)('of two headers of one name, as bytes, one gets nobody in, and hides from no DENY: %s', (kind) => {
  const header: HeaderMatch = { name: 'x-role', value: { kind, value: kind === 'regex' ? '.*admin.*' : 'admin' } }
  for (const lines of ROLES) {
    expect(judge('ALLOW', header, headOf(...lines))).toBe(false)
    expect(judge('DENY', header, headOf(...lines))).toBe(false)
  }
  expect(judge('ALLOW', header, headOf('x-role: admin'))).toBe(true)
  expect(judge('DENY', header, headOf('x-role: user'))).toBe(true)
})

test('routes see two headers of one name as one text, joined by a comma', () => {
  const by = (value: string) =>
    ({ path: { kind: 'prefix', value: '/' }, headers: [{ name: 'x-role', value: { kind: 'exact', value } }], query: [] }) as const
  const table = (value: string) => ({ name: 't', hosts: [{ name: 'a', domains: ['*'], routes: [route('a', { match: by(value) })] }] })
  const found = (value: string) =>
    compileEngine(view({ routes: [table(value)] }))
      .table({ kind: 'rds', name: 't' })
      ?.route(headOf('x-role: admin', 'x-role: user'), PEER).kind
  expect(['admin', 'user', 'admin,user'].map(found)).toEqual(['none', 'none', 'route'])
})
