import { expect, test } from 'vitest'
import type { UpstreamTls } from '@mesh/core/view'
import { LIMITS } from '../limits.ts'
import { cluster, endpoint } from '../testdata/views.ts'
import { secure, type SecurityOptions } from './security.ts'
import { spokenTo } from './spoken.ts'

const context = {}
const options = { identity: { current: { context } }, files: {}, limits: LIMITS } as unknown as SecurityOptions
const alpnOf = (tls: UpstreamTls, protocol: 'h2' | 'downstream'): unknown[] => {
  const made = cluster('reviews', [], { tls, protocol })
  return spokenTo(made).map((spoken) => {
    const security = secure(made, { endpoint: endpoint(1), protocol: spoken }, options)
    return security.kind === 'tls' ? security.tls.alpn : security
  })
}
const mesh: UpstreamTls = { mode: 'mutual', sni: 'a', alpn: ['istio'], sans: [] }
const simple: UpstreamTls = { mode: 'simple', sni: 'a', alpn: [], sans: [], insecureSkipVerify: true }

test('where the client chooses the version of HTTP, TLS asks for that version alone', () => {
  expect(alpnOf(mesh, 'downstream')).toEqual([
    ['istio-http/1.1', 'istio', 'http/1.1'],
    ['istio-h2', 'istio', 'h2'],
  ])
  expect(alpnOf(simple, 'downstream')).toEqual([['http/1.1'], ['h2']])
})

test('else it asks for what the cluster says', () => {
  expect(alpnOf({ ...simple, alpn: ['h2', 'other'] }, 'h2')).toEqual([['h2', 'other']])
})
