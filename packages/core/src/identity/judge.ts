import type { StringMatch } from '../view/match.ts'
import { compileText } from '../engine/match/text.ts'
import { parseSpiffeId } from './spiffe-id.ts'

/** Says why a peer is refused; undefined when it is accepted. */
export type PeerJudge = (spiffeId: string | undefined) => string | undefined

/** Judges a server by the accounts that may back its service (secure naming). An empty list accepts nobody. */
export function serverJudge(sans: readonly StringMatch[]): PeerJudge {
  const tests = sans.map((san) => compileText(san) ?? (() => false))
  return (spiffeId) => {
    if (spiffeId === undefined) return 'The peer showed no SPIFFE id.'
    return tests.some((test) => test(spiffeId)) ? undefined : `${spiffeId} may not serve this destination.`
  }
}

/** Judges a client by its trust domain; an empty list accepts each domain that the bundle vouches for. */
export function clientJudge(trustDomains: readonly string[]): PeerJudge {
  return (spiffeId) => {
    const identity = spiffeId === undefined ? undefined : parseSpiffeId(spiffeId)
    if (identity === undefined) return 'The peer showed no SPIFFE id of a workload.'
    if (trustDomains.length === 0 || trustDomains.includes(identity.trustDomain)) return undefined
    return `Trust domain ${identity.trustDomain} is not accepted here.`
  }
}
