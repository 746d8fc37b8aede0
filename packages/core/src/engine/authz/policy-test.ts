import type { AuthzPolicy, Permission, Principal } from '../../view/authz.ts'
import type { Cidr, StringMatch } from '../../view/match.ts'
import { LIMITS } from '../limits.ts'
import { compileHeaderGuard } from '../match/header.ts'
import { compileCidr, parseIp } from '../match/ip.ts'
import { pathOf } from '../match/path.ts'
import { compileText, type RegexCompiler } from '../match/text.ts'
import type { Peer, RequestHead } from '../request.ts'
import type { ReadRemote } from './remote-address.ts'

export type AuthzTest = (head: RequestHead | undefined, peer: Peer) => boolean

/** What the policies of a chain share. */
export interface AuthzContext {
  readonly compile: RegexCompiler
  readonly remote: ReadRemote
}

/**
 * Compiles one policy. Where the answer cannot be known (an HTTP attribute on TCP, a broken regular expression,
 * an address that is none, or one that nobody vouches for) the leaf answers so that nothing opens: a DENY policy then matches, an ALLOW policy does not.
 */
export function compilePolicy(policy: AuthzPolicy, action: 'ALLOW' | 'DENY', shared: AuthzContext): AuthzTest {
  const context = { ...shared, unsure: action === 'DENY' }
  const permitted = anyOf(policy.permissions.map((permission) => compileRule(permission, context, 0)))
  const comesFrom = anyOf(policy.principals.map((principal) => compileRule(principal, context, 0)))
  return (head, peer) => permitted(head, peer) && comesFrom(head, peer)
}

type Rule = Permission | Principal

interface RuleContext extends AuthzContext {
  /** What a leaf answers that cannot know. */
  readonly unsure: boolean
}

function compileRule(rule: Rule, context: RuleContext, depth: number): AuthzTest {
  if (depth > LIMITS.authzDepth) return () => context.unsure
  switch (rule.kind) {
    case 'any':
      return () => true
    case 'and':
      return allOf(rule.of.map((inner) => compileRule(inner, context, depth + 1)))
    case 'or':
      return anyOf(rule.of.map((inner) => compileRule(inner, context, depth + 1)))
    case 'not': {
      const inner = compileRule(rule.of, { ...context, unsure: !context.unsure }, depth + 1)
      return (head, peer) => !inner(head, peer)
    }
    default:
      return compileLeaf(rule, context)
  }
}

type Leaf = Exclude<Rule, { kind: 'any' | 'and' | 'or' | 'not' }>

function compileLeaf(leaf: Leaf, context: RuleContext): AuthzTest {
  const { unsure, compile } = context
  switch (leaf.kind) {
    case 'header': {
      const test = compileHeaderGuard(leaf.header, unsure, compile)
      return (head) => (head === undefined ? unsure : test(head))
    }
    case 'path': {
      const test = textTest(leaf.path, context)
      return (head) => (head === undefined ? unsure : test(pathOf(head.path)))
    }
    case 'destination-port':
      return (_head, peer) => peer.localPort === leaf.port
    case 'sni': {
      const test = textTest(leaf.name.kind === 'regex' ? leaf.name : { ...leaf.name, ignoreCase: true }, context)
      return (_head, peer) => peer.sni !== undefined && test(peer.sni)
    }
    case 'authenticated': {
      if (leaf.id === undefined) return (_head, peer) => peer.principal !== undefined
      const test = textTest(leaf.id, context)
      return (_head, peer) => peer.principal !== undefined && test(peer.principal)
    }
    case 'destination-ip': {
      const test = addressTest(leaf.cidr, unsure)
      return (_head, peer) => test(peer.localAddress)
    }
    case 'direct-ip': {
      const test = addressTest(leaf.cidr, unsure)
      return (_head, peer) => test(peer.directAddress ?? peer.address)
    }
    case 'remote-ip':
      return remoteTest(leaf.cidr, context)
  }
}

function textTest(match: StringMatch, { compile, unsure }: RuleContext): (text: string) => boolean {
  return compileText(match, compile) ?? (() => unsure)
}

function addressTest(cidr: Cidr, unsure: boolean): (address: string) => boolean {
  const holds = compileCidr(cidr)
  if (holds === undefined) return () => unsure
  return (text) => {
    const address = parseIp(text)
    return address === undefined ? unsure : holds(address)
  }
}

/** Of a peer that is not believed, its own address and the one that it claims both count for a DENY, and both are asked for by an ALLOW. */
function remoteTest(cidr: Cidr, { unsure, remote }: RuleContext): AuthzTest {
  const test = addressTest(cidr, unsure)
  return (head, peer) => {
    const from = remote(head, peer)
    if (from.kind === 'known') return test(from.address)
    return unsure ? test(from.address) || test(from.claim) : test(from.address) && test(from.claim)
  }
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
