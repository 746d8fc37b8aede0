import { shortPlace, msText, paintedStatus } from '../records/record-words.ts'
import type { ShortNames } from '../records/short-names.ts'
import type { CallNode } from './join-calls.ts'
import { factsOf, type NodeFacts } from './node-facts.ts'

/** A place on the way, and what is to be told of it. */
export interface Step {
  readonly node: CallNode
  readonly facts: NodeFacts
}

/** `gateway 14 ms › productpage 12 ms › ratings 500 FI (injected by ratings.yaml:15)`: the way to what decided. */
export function pathLine(root: CallNode, names: ShortNames): string {
  return decisivePath(root, names)
    .map(({ facts }) => stepText(facts))
    .join(' › ')
}

/** The places from the beginning to what went wrong; where nothing did, to the last one, of several the slowest. */
export function decisivePath(root: CallNode, names: ShortNames): readonly Step[] {
  const worst = pathsFrom(root, names).toSorted((a, b) => weight(b) - weight(a) || b.length - a.length || lastMs(b) - lastMs(a))
  return worst[0] ?? []
}

function pathsFrom(node: CallNode, names: ShortNames): readonly (readonly Step[])[] {
  const step = { node, facts: factsOf(node, names) }
  const further = node.children.flatMap((child) => pathsFrom(child, names))
  return [[step], ...further.map((path) => [step, ...path])]
}

/** An error weighs more than a bad answer of an application, that more than a warning. */
function weight(path: readonly Step[]): number {
  const last = path.at(-1)?.facts
  if (last === undefined) return 0
  if (last.trouble?.severity === 'error') return 3
  if (last.status >= 500 || (last.status === 0 && last.protocol === 'http')) return 2
  return last.trouble === undefined ? 0 : 1
}

function lastMs(path: readonly Step[]): number {
  return path.at(-1)?.facts.ms ?? 0
}

function stepText(facts: NodeFacts): string {
  const bad = facts.status >= 400 || facts.flags.length > 0 || (facts.status === 0 && facts.protocol === 'http')
  const ms = facts.unsent && facts.ms < 1 ? [] : [msText(facts.ms)]
  const tries = facts.tries > 1 ? [`(${facts.tries} tries)`] : []
  return [facts.name, ...(bad ? [paintedStatus(facts)] : []), ...ms, ...tries, ...causeText(facts)].join(' ')
}

function causeText({ trouble }: NodeFacts): readonly string[] {
  if (trouble?.cause === undefined) return []
  const verb = VERBS[trouble.code] ?? (trouble.code.startsWith('rbac') ? 'denied by' : 'see')
  return [`(${verb} ${shortPlace(trouble.cause)})`]
}

const VERBS: Readonly<Record<string, string>> = { FI: 'injected by', DI: 'delayed by', direct_response: 'answered by', UT: 'timeout of' }
