import { textTable } from '../../running/text-table.ts'
import type { Found } from '../report.ts'
import { replyFate, replyFaults, type ReplyFate } from './judge-reply.ts'
import type { ReplyCase } from './reply-cases.ts'
import type { SeenReply } from './reply-lane.ts'
import type { ReplyRun } from './run-replies.ts'

type Row = Record<ReplyFate | 'cases' | 'laxer' | 'stricter' | 'faults', number>

const COLUMNS = ['cases', 'forwarded', 'refused', 'broken off', 'waiting', 'laxer', 'stricter', 'faults'] as const

/** Compares ours, the first run, with the others. */
export function reportReplies(
  cases: readonly ReplyCase[],
  [ours, ...others]: readonly ReplyRun[],
): { text: string; bad: readonly Found[] } {
  if (ours === undefined) throw new Error('nothing was run')
  const rows = new Map<string, Row>()
  const bad: Found[] = []
  cases.forEach((one, at) => {
    const row = rows.get(one.class) ?? emptyRow()
    rows.set(one.class, row)
    const mine = ours.seen[at] as SeenReply
    const theirs = others.map(({ seen }) => replyFate(seen[at] as SeenReply))
    const fate = replyFate(mine)
    row.cases++
    row[fate]++
    const faults = replyFaults(one, mine)
    row.faults += Math.sign(faults.length)
    bad.push(...faults.map((what) => ({ one, what })))
    if (fate === 'refused' && theirs.every((other) => other === 'forwarded')) row.stricter++
    if (fate !== 'forwarded' || !theirs.every((other) => other === 'refused')) return
    row.laxer++
    bad.push({ one, what: 'forwarded by ours alone' })
  })
  const total = COLUMNS.map((column) => [...rows.values()].reduce((sum, row) => sum + row[column], 0))
  const parts = [
    textTable(
      ['reply', ...COLUMNS],
      [...[...rows].map(([name, row]) => [name, ...COLUMNS.map((column) => row[column])]), ['all', ...total]],
    ),
    others.map((run) => peerLine(cases, run)).join('\n'),
  ]
  return { text: parts.filter((part) => part !== '').join('\n\n'), bad }
}

function emptyRow(): Row {
  return { cases: 0, forwarded: 0, refused: 0, 'broken off': 0, waiting: 0, laxer: 0, stricter: 0, faults: 0 }
}

/** What the same judge says of a foreign proxy: the measure of the measure. */
function peerLine(cases: readonly ReplyCase[], { peer, seen }: ReplyRun): string {
  const count = (wanted: ReplyFate): number => seen.filter((one) => replyFate(one) === wanted).length
  const faulty = seen.filter((one, at) => replyFaults(cases[at] as ReplyCase, one).length > 0).length
  return `${peer}: ${count('forwarded')} forwarded, ${count('refused')} refused, ${count('broken off')} broken off, ${count('waiting')} waiting, ${faulty} told so that a caller may understand something else`
}
