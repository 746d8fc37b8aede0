import { X509Certificate } from 'node:crypto'
import { compileText } from '@mesh/core/engine'
import { parseSpiffeId } from '@mesh/core/identity'
import type { StringMatch } from '@mesh/core/view'
import type { PeerJudge } from '@mesh/io'
import { spiffeIdOfCertificate } from '@mesh/rpc'

/** The SPIFFE id in a verified leaf certificate (DER); undefined when it has none, or more than one. */
export function principalOf(leaf: Uint8Array): string | undefined {
  return spiffeIdOfCertificate(leaf)
}

/** Accepts callers with a SPIFFE id of these trust domains; of any, when none is named. */
export function judgeTrust(trustDomains: readonly string[]): PeerJudge {
  return ([leaf]) => {
    const id = leaf === undefined ? undefined : principalOf(leaf)
    if (id === undefined) return 'the caller has no SPIFFE id'
    const trustDomain = parseSpiffeId(id)?.trustDomain
    if (trustDomain === undefined) return `${id} is not the id of a workload`
    return trustDomains.length === 0 || trustDomains.includes(trustDomain) ? undefined : `${id} is of a foreign trust domain`
  }
}

/** Accepts servers that have one of these names: a SPIFFE id, or a DNS name where it is matched exactly. None: nobody. */
export function judgeNames(names: readonly StringMatch[]): PeerJudge {
  const tests = names.map((name) => ({ name, matches: compileText(name) ?? (() => false) }))
  return ([leaf]) => {
    if (leaf === undefined) return 'the server has no certificate'
    const id = principalOf(leaf)
    if (id !== undefined)
      return tests.some(({ matches }) => matches(id)) ? undefined : `the server is ${id}, which may not back this service`
    const certificate = new X509Certificate(leaf)
    const named = tests.some(({ name }) => name.kind === 'exact' && certificate.checkHost(name.value, { subject: 'never' }) !== undefined)
    return named ? undefined : 'the server has none of the names that this service may have'
  }
}
