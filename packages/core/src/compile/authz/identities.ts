import type { Principal } from '../../view/authz.ts'
import type { MeshSettings } from '../settings.ts'
import { partExpression, quote, valuePattern } from './values.ts'

/** Whom the identity parts of a policy mean, as tests of the verified SPIFFE id. */
export interface Identities {
  readonly namespace: string
  readonly settings: Pick<MeshSettings, 'trustDomain' | 'trustDomainAliases'>
}

/** `cluster.local/ns/default/sa/x`, with Istio's patterns; an id of the mesh's trust domain is known in all of its aliases. */
export function byPrincipal({ settings }: Identities, value: string): readonly Principal[] {
  const pattern = valuePattern(value)
  if (pattern.kind === 'present') return [{ kind: 'authenticated' }]
  if (pattern.kind === 'suffix') return [{ kind: 'authenticated', id: pattern }]
  return inAliases(settings, value).map((one): Principal => {
    const id = valuePattern(`spiffe://${one}`)
    return id.kind === 'present' ? { kind: 'authenticated' } : { kind: 'authenticated', id }
  })
}

export function byNamespace(value: string): Principal {
  return byExpression(`spiffe://${PART}+/ns/${partExpression(value, PART)}/sa/${PART}+`)
}

/** `namespace/account`, or `account` of the policy's own namespace; no patterns. */
export function byServiceAccount({ namespace }: Identities, value: string): Principal {
  const [first = '', second] = value.split('/')
  const [owner, account] = second === undefined ? [namespace, first] : [first, second]
  return byExpression(`spiffe://${PART}+/ns/${quote(owner)}/sa/${quote(account)}`)
}

export function byTrustDomain(value: string): Principal {
  return byExpression(`spiffe://${partExpression(value, PART)}/.*`)
}

const PART = '[^/]'

function byExpression(value: string): Principal {
  return { kind: 'authenticated', id: { kind: 'regex', value } }
}

function inAliases(settings: Identities['settings'], value: string): readonly string[] {
  const slash = value.indexOf('/')
  const domains = [settings.trustDomain, ...settings.trustDomainAliases]
  if (slash < 0 || !domains.includes(value.slice(0, slash))) return [value]
  return domains.map((domain) => domain + value.slice(slash))
}
