import { printable, troubleText } from '@mesh/core/call'
import type { Explanation } from '@mesh/core/explain'
import { shownOrigin } from '../output/place.ts'
import { paint } from '../output/print.ts'
import { safeLine } from '../output/terminal-safe.ts'
import { troubleFromHere } from '../records/record-words.ts'
import type { ShortNames } from '../records/short-names.ts'
import type { FoundCall } from '../trace/find-call.ts'
import type { CallNode } from '../trace/join-calls.ts'
import { pathLine, type Step } from '../trace/path-line.ts'
import { explanationText, explanationValue, type AskedRequest } from './explanation-text.ts'

/** What the engine says to the question again: `changed` when the proxy has another view by now. */
export type LiveAnswer =
  | { readonly kind: 'none' }
  | { readonly kind: 'changed'; readonly from: string; readonly to: string }
  | { readonly kind: 'same'; readonly asked: AskedRequest; readonly explanation: Explanation }

export interface ExplainedCall {
  readonly root: CallNode
  /** To what decided. */
  readonly steps: readonly Step[]
  readonly live: LiveAnswer
}

/** Why a call went as it did, for people. */
export function callText(found: FoundCall, calls: readonly ExplainedCall[], names: ShortNames): string {
  const told = calls.flatMap(({ root, steps, live }) => [
    paint('dim', `id ${printable(found.id)}`),
    pathLine(root, names),
    ...steps.flatMap(stepLines).map(safeLine),
    ...liveLines(live),
  ])
  return [...told, ...found.missing.map((one) => paint('yellow', one))].join('\n')
}

/** The same as plain values. */
export function callValue({ id, traceId, missing }: FoundCall, calls: readonly ExplainedCall[]): unknown {
  return { id, ...(traceId === undefined ? {} : { traceId }), calls: calls.map(oneValue), missing }
}

function oneValue({ steps, live }: ExplainedCall): unknown {
  const path = steps.map(({ node, facts: { decided, trouble, ...facts } }) => ({
    ...facts,
    details: decided.details,
    snapshot: decided.snapshot,
    ...(node.sent?.record.routeOrigin === undefined ? {} : { route: node.sent.record.routeOrigin }),
    ...(trouble === undefined ? {} : { trouble }),
  }))
  return { path, ...(live.kind === 'same' ? { explanation: explanationValue(live.asked, live.explanation) } : {}) }
}

function stepLines({ node, facts }: Step): readonly string[] {
  const route = node.sent?.record.routeOrigin
  const chosen = route === undefined ? [] : [`  to ${facts.name.padEnd(14)} by ${shownOrigin(route)}`]
  return facts.trouble === undefined ? chosen : [...chosen, `  ${troubleText(troubleFromHere(facts.trouble))}`]
}

function liveLines(live: LiveAnswer): readonly string[] {
  if (live.kind === 'none') return []
  if (live.kind === 'same') return ['', explanationText(live.asked, live.explanation)]
  return ['', `The configuration has changed since (${live.from}, now ${live.to}): only what was recorded is told.`]
}
