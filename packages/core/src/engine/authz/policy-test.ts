import type { AuthzPolicy, Permission, Principal } from '../../view/authz.ts'
import type { StringMatch } from '../../view/match.ts'
import { LIMITS } from '../limits.ts'
import { compileHeaderGuard } from '../match/header.ts'
import { compileCidr, parseIp } from '../match/ip.ts'
import { pathOf } from '../match/path.ts'
import { compileText } from '../match/text.ts'
import type { Peer, RequestHead } from '../request.ts'

export type AuthzTest = (head: RequestHead | undefined, peer: Peer) => boolean

/**
 * Compiles one policy. Where the answer cannot be known (an HTTP attribute on TCP, a broken regular expression,
 * an address that is none) the leaf answers so that nothing opens: a DENY policy then matches, an ALLOW policy does not.
 */
export function compilePolicy(policy: AuthzPolicy, action: 'ALLOW' | 'DENY'): AuthzTest {
  const unsure = action === 'DENY'
  const permitted = anyOf(policy.permissions.map((permission) => compileRule(permission, unsure, 0)))
  const comesFrom = anyOf(policy.principals.map((principal) => compileRule(principal, unsure, 0)))
  return (head, peer) => permitted(head, peer) && comesFrom(head, peer)
}

type Rule = Permission | Principal

function compileRule(rule: Rule, unsure: boolean, depth: number): AuthzTest {
  if (depth > LIMITS.authzDepth) return () => unsure
  switch (rule.kind) {
    case 'any':
      return () => true
    case 'and':
      return allOf(rule.of.map((inner) => compileRule(inner, unsure, depth + 1)))
    case 'or':
      return anyOf(rule.of.map((inner) => compileRule(inner, unsure, depth + 1)))
    case 'not': {
      const inner = compileRule(rule.of, !unsure, depth + 1)
      return (head, peer) => !inner(head, peer)
    }
    default:
      return compileLeaf(rule, unsure)
  }
}

type Leaf = Exclude<Rule, { kind: 'any' | 'and' | 'or' | 'not' }>

function compileLeaf(leaf: Leaf, unsure: boolean): AuthzTest {
  switch (leaf.kind) {
    case 'header': {
      const test = compileHeaderGuard(leaf.header, unsure)
      return (head) => (head === undefined ? unsure : test(head))
    }
    case 'path': {
      const test = textTest(leaf.path, unsure)
      return (head) => (head === undefined ? unsure : test(pathOf(head.path)))
    }
    case 'destination-port':
      return (_head, peer) => peer.localPort === leaf.port
    case 'sni': {
      const test = textTest(leaf.name, unsure)
      return (_head, peer) => peer.sni !== undefined && test(peer.sni)
    }
    case 'authenticated': {
      if (leaf.id === undefined) return (_head, peer) => peer.principal !== undefined
      const test = textTest(leaf.id, unsure)
      return (_head, peer) => peer.principal !== undefined && test(peer.principal)
    }
    case 'destination-ip':
      return addressTest(leaf.cidr, unsure, (_head, peer) => peer.localAddress)
    case 'direct-ip':
      return addressTest(leaf.cidr, unsure, (_head, peer) => peer.address)
    case 'remote-ip':
      return addressTest(leaf.cidr, unsure, remoteAddress)
  }
}

function textTest(match: StringMatch, unsure: boolean): (text: string) => boolean {
  return compileText(match) ?? (() => unsure)
}

type AddressOf = (head: RequestHead | undefined, peer: Peer) => string

function addressTest(cidr: { readonly address: string; readonly prefix: number }, unsure: boolean, addressOf: AddressOf): AuthzTest {
  const holds = compileCidr(cidr)
  if (holds === undefined) return () => unsure
  return (head, peer) => {
    const address = parseIp(addressOf(head, peer))
    return address === undefined ? unsure : holds(address)
  }
}

/** The last hop that `x-forwarded-for` names, else the peer; an edge has replaced that header by then. */
function remoteAddress(head: RequestHead | undefined, peer: Peer): string {
  const forwarded = head?.header('x-forwarded-for')
  if (forwarded === undefined) return peer.address
  return forwarded.slice(forwarded.lastIndexOf(',') + 1).trim()
}

function anyOf(tests: readonly AuthzTest[]): AuthzTest {
  const [only] = tests
  if (only !== undefined && tests.length === 1) return only
  return (head, peer) => {
    for (const test of tests) if (test(head, peer)) return true
    return false
  }
}

function allOf(tests: readonly AuthzTest[]): AuthzTest {
  const [only] = tests
  if (only !== undefined && tests.length === 1) return only
  return (head, peer) => {
    for (const test of tests) if (!test(head, peer)) return false
    return true
  }
}
