import { textTable } from '../running/text-table.ts'
import type { Case } from './cases.ts'
import { explain } from './explained.ts'
import { asUnderstood, desyncs, fateOf, framedOtherwise, type Outcome } from './judge.ts'
import type { PeerRun } from './run-cases.ts'

/** One class of cases, counted. */
interface Row {
  cases: number
  forwarded: number
  refused: number
  waiting: number
  /** Ours forwarded what all others refuse, and what none of them refuses was refused by ours. */
  laxer: number
  stricter: number
  /** Forwarded by ours and another with another target or Host. */
  rewritten: number
  desync: number
}

/** Something to be mended, and the case that showed it. */
export interface Found {
  readonly one: Pick<Case, 'index' | 'class' | 'variant'>
  readonly what: string
}

export interface Report {
  readonly text: string
  /** What must be mended. */
  readonly bad: readonly Found[]
}

/** Compares ours, the first run, with the others. */
export function reportOf(cases: readonly Case[], [ours, ...others]: readonly PeerRun[], all: boolean): Report {
  if (ours === undefined) throw new Error('nothing was run')
  const rows = new Map<string, Row>()
  const bad: Found[] = []
  const explained = new Map<string, Found[]>()
  cases.forEach((one, at) => {
    const row = rows.get(one.class) ?? { cases: 0, forwarded: 0, refused: 0, waiting: 0, laxer: 0, stricter: 0, rewritten: 0, desync: 0 }
    rows.set(one.class, row)
    const mine = ours.outcomes[at] as Outcome
    const theirs = others.map(({ outcomes }) => outcomes[at] as Outcome)
    const forwarders = theirs.filter((outcome) => fateOf(one, outcome) === 'forwarded')
    const fate = fateOf(one, mine)
    row.cases++
    row[fate]++
    const faults = [...desyncs(mine, ours.logged.get(one.id) ?? [])]
    if (fate === 'forwarded') {
      const otherwise = framedOtherwise(one, mine, forwarders)
      if (otherwise !== undefined) faults.push(`framed otherwise: ${otherwise}`)
      if (forwarders.some((outcome) => asUnderstood(one, outcome) !== asUnderstood(one, mine))) row.rewritten++
    }
    if (faults.length > 0) row.desync++
    bad.push(...faults.map((what) => ({ one, what })))
    if (fate === 'forwarded' && theirs.length > 0 && theirs.every((outcome) => fateOf(one, outcome) === 'refused')) {
      row.laxer++
      const why = explain(one, mine)
      if (why === undefined) bad.push({ one, what: `accepted by ours alone: ${asUnderstood(one, mine)}` })
      else explained.set(why, [...(explained.get(why) ?? []), { one, what: why }])
    }
    if (fate === 'refused' && forwarders.length === theirs.length && theirs.length > 0) row.stricter++
  })
  bad.push(...ours.strays.map((stray) => ({ one: NO_CASE, what: `a request of no case: ${stray.method} ${stray.target}` })))
  const columns = ['cases', 'forwarded', 'refused', 'waiting', 'laxer', 'stricter', 'rewritten', 'desync'] as const
  const total = columns.map((column) => [...rows.values()].reduce((sum, row) => sum + row[column], 0))
  const parts = [
    textTable(
      ['class', ...columns],
      [...[...rows].map(([name, row]) => [name, ...columns.map((column) => row[column])]), ['all', ...total]],
    ),
    others.map((run) => peerLine(cases, run)).join('\n'),
    [...explained]
      .map(([why, found]) => `accepted by ours alone, ${found.length} times: ${why}${all ? `\n${found.map(line).join('\n')}` : ''}`)
      .join('\n'),
  ]
  return { text: parts.filter((part) => part !== '').join('\n\n'), bad }
}

/** Where it happened, and how to see it again. */
export function line({ one, what }: Found): string {
  return `  --only ${one.index}  ${one.class}, ${one.variant}: ${what}`
}

const NO_CASE: Case = { index: -1, id: '', class: 'none', variant: 'none', bytes: Buffer.alloc(0) }

/** What the same judge says of a foreign proxy: the measure of the measure. */
function peerLine(cases: readonly Case[], { peer, outcomes }: PeerRun): string {
  const fates = outcomes.map((outcome, at) => fateOf(cases[at] as Case, outcome))
  const count = (wanted: string): number => fates.filter((fate) => fate === wanted).length
  const odd = outcomes.filter((outcome) => desyncs(outcome).length > 0).length
  return `${peer}: ${count('forwarded')} forwarded, ${count('refused')} refused, ${count('waiting')} waiting, ${odd} written upstream so that another reader may understand something else`
}
