import { findingOf } from '@mesh/core/config'
import { expect, test } from 'vitest'
import { Ledger } from './ledger.ts'
import { propagationOf, type Propagation } from './propagation-page.ts'
import { ProxyTracks } from './tracks.ts'

const VERSION = '0123456789ab'
const now = (): number => 0

test('findings are gathered once for all that a question names, and not at all where everything is in force', () => {
  let gathered = 0
  const origin = { kind: 'A', namespace: 'b', name: 'c' }
  const findings = () => {
    gathered++
    return ['first', 'second'].map((message) => findingOf('IST0106', { origin, message }))
  }
  const facts = { ledger: new Ledger(now), tracks: new ProxyTracks(now), snapshot: () => undefined, viewOf: () => undefined, now, findings }
  const problems = (...wants: readonly string[]) => {
    const answer = propagationOf(new URLSearchParams(wants.map((want) => ['want', want])), facts) as Propagation
    return answer.objects.map(({ problem }) => problem)
  }
  expect([problems('A/b/c@absent'), gathered]).toEqual([[undefined], 0])
  const named = ['c', 'd', 'c'].map((name) => `A/b/${name}@${VERSION}`)
  expect([problems(...named), gathered]).toEqual([['IST0106 first', undefined, 'IST0106 first'], 1])
})
