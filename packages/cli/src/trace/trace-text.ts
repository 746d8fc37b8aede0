import { printable, troubleText } from '@mesh/core/call'
import { formatTable } from '../output/table.ts'
import { paint } from '../output/print.ts'
import { clockText } from '../records/clock-text.ts'
import { msText, shortId, shortPlace, statusText, troubleFromHere } from '../records/record-words.ts'
import type { SeenRecord } from '../records/seen-record.ts'
import type { ShortNames } from '../records/short-names.ts'
import type { FoundCall } from './find-call.ts'
import { recordsOf, type CallNode } from './join-calls.ts'
import { factsOf, type NodeFacts } from './node-facts.ts'
import { pathLine } from './path-line.ts'

/** The way of a request for people: in one line, as a tree with times, what went wrong, and what is not known. */
export function traceText(found: FoundCall, names: ShortNames): string {
  const roots = found.roots.flatMap((root) => [
    headLine(found, root),
    pathLine(root, names),
    '',
    formatTable(['WHERE', 'TIME', 'STATUS', 'REQUEST', 'DECIDED BY'], treeRows(root, names, '')),
  ])
  const troubles = found.roots.flatMap((root) => troublesOf(root, names))
  const said = troubles.length === 0 ? [] : ['', ...troubles]
  const ask = troubles.length === 0 ? [] : [`meshctl explain ${shortId(found.id)} tells why.`]
  return [...roots, ...said, ...ask, ...found.missing.map((one) => paint('yellow', one))].join('\n')
}

/** The same as plain values. */
export function traceValue({ id, traceId, roots, missing }: FoundCall, names: ShortNames): unknown {
  return { id, ...(traceId === undefined ? {} : { traceId }), calls: roots.map((root) => nodeValue(root, names)), missing }
}

function nodeValue(node: CallNode, names: ShortNames): unknown {
  const { decided, trouble, ...facts } = factsOf(node, names)
  return {
    ...facts,
    startMs: decided.startMs,
    snapshot: decided.snapshot,
    ...(node.sent?.record.routeOrigin === undefined ? {} : { route: node.sent.record.routeOrigin }),
    ...(trouble === undefined ? {} : { trouble }),
    children: node.children.map((child) => nodeValue(child, names)),
  }
}

function headLine({ id }: FoundCall, root: CallNode): string {
  const first = recordsOf(root).reduce((a, b) => (b.startMs < a.startMs ? b : a))
  return paint('dim', `${clockText(first.startMs)}  ${requestText(first)}  id ${printable(id)}`)
}

function requestText({ method, path, protocol }: Pick<SeenRecord, 'method' | 'path' | 'protocol'>): string {
  return protocol === 'tcp' ? 'TCP' : `${printable(method)} ${printable(path)}`
}

function treeRows(node: CallNode, names: ShortNames, indent: string): readonly (readonly string[])[] {
  const facts = factsOf(node, names)
  const tries = facts.tries > 1 ? `, ${facts.tries} tries` : ''
  const time = facts.unsent && facts.ms < 1 ? '-' : msText(facts.ms)
  const row = [`${indent}${facts.name}`, `${time}${tries}`, statusText(facts), requestText(facts), decidedBy(node, facts)]
  return [row, ...node.children.flatMap((child) => treeRows(child, names, `${indent}  `))]
}

/** The place of what went wrong, else of the route that led there. */
function decidedBy({ sent }: CallNode, { trouble }: NodeFacts): string {
  const origin = trouble?.cause ?? sent?.record.routeOrigin
  return origin === undefined ? '-' : shortPlace(origin)
}

function troublesOf(node: CallNode, names: ShortNames): readonly string[] {
  const { trouble } = factsOf(node, names)
  const own = trouble === undefined ? [] : [troubleText(troubleFromHere(trouble))]
  return [...own, ...node.children.flatMap((child) => troublesOf(child, names))]
}
