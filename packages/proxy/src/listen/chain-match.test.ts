import type { ChainMatch, FilterChain } from '@mesh/core/view'
import { expect, test } from 'vitest'
import { matchChain, needsNoSniff, type ConnFacts } from './chain-match.ts'

const filter = { kind: 'tcp', statPrefix: '', clusters: [], authz: [], idleTimeoutMs: 0, accessLog: false } as const
const chain = (name: string, match: ChainMatch): { readonly chain: FilterChain } => ({ chain: { name, match, filter } })
const tls = (alpn: readonly string[], sni?: string): ConnFacts => ({ transport: 'tls', alpn, sni })
const RAW: ConnFacts = { transport: 'raw', alpn: [], sni: undefined }

test('PERMISSIVE takes mesh TLS and plain text on different chains', () => {
  const chains = [chain('mesh', { transport: 'tls', alpn: ['istio', 'istio-peer-exchange'] }), chain('plain', { transport: 'raw' })]
  expect(matchChain(chains, tls(['istio']))?.chain.name).toBe('mesh')
  expect(matchChain(chains, RAW)?.chain.name).toBe('plain')
  expect(matchChain(chains, tls(['h2']))).toBeUndefined()
})

test('server names match exactly or by a leading wildcard, without regard to case', () => {
  const chains = [chain('exact', { sni: ['shop.example'] }), chain('wild', { sni: ['*.example'] })]
  expect(matchChain(chains, tls([], 'SHOP.example'))?.chain.name).toBe('exact')
  expect(matchChain(chains, tls([], 'a.b.example'))?.chain.name).toBe('wild')
  expect(matchChain(chains, tls([], 'example'))).toBeUndefined()
  expect(matchChain(chains, RAW)).toBeUndefined()
})

test('bytes are looked at only when a chain asks for what they tell', () => {
  expect(needsNoSniff([chain('plain', {}).chain])).toBe(true)
  expect(needsNoSniff([chain('plain', { transport: 'raw' }).chain])).toBe(true)
  expect(needsNoSniff([chain('sni', { sni: ['a.example'] }).chain, chain('plain', {}).chain])).toBe(false)
})
