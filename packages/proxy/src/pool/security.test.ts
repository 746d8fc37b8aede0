import { expect, test } from 'vitest'
import type { UpstreamTls } from '@mesh/core/view'
import { LIMITS } from '../limits.ts'
import { cluster, endpoint } from '../testdata/views.ts'
import { secure, type SecurityOptions } from './security.ts'
import { spokenTo } from './spoken.ts'

const context = {}
const options = { identity: { current: { context } }, files: {}, limits: LIMITS } as unknown as SecurityOptions
const alpnOf = (tls: UpstreamTls, protocol: 'h2' | 'auto' | 'downstream'): unknown[] => {
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
    ['mesh-h2', 'istio-h2', 'istio', 'h2'],
  ])
  expect(alpnOf(simple, 'downstream')).toEqual([['http/1.1'], ['h2']])
})

test('else it asks for what the cluster says', () => {
  expect(alpnOf({ ...simple, alpn: ['h2', 'other'] }, 'h2')).toEqual([['h2', 'other']])
})

test('another proxy of the mesh is asked for HTTP/2 by a name of our own, before everybody is asked for what the cluster says', () => {
  const http1 = { ...mesh, alpn: ['istio-http/1.1', 'istio', 'http/1.1'] }
  expect(alpnOf(http1, 'auto')).toEqual([
    ['mesh-h2', 'istio-http/1.1', 'istio', 'http/1.1'],
    ['istio-http/1.1', 'istio', 'http/1.1'],
  ])
  expect(alpnOf({ ...mesh, alpn: ['istio-h2', 'istio', 'h2'] }, 'h2')).toEqual([['mesh-h2', 'istio-h2', 'istio', 'h2']])
})

test('outside the mesh nobody is asked by that name', () => {
  expect(alpnOf({ ...simple, alpn: ['http/1.1'] }, 'auto')).toEqual([['http/1.1'], ['http/1.1']])
})
