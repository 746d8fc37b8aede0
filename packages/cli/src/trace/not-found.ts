import { printable } from '@mesh/core/call'
import type { RecordAnswer } from '../records/ask-records.ts'
import { clockText } from '../records/clock-text.ts'
import { endMs, type Seen, type SeenRecord } from '../records/seen-record.ts'

/** Nobody remembers such a call: how far back they remember. */
export function forgottenText(id: string, answers: readonly RecordAnswer[]): string {
  const silent = answers.flatMap((answer) => (answer.kind === 'silent' ? [answer.why] : []))
  const full = answers.flatMap((answer) => (answer.kind === 'page' && answer.page.first > 1 ? [answer] : []))
  const latest = full.toSorted((a, b) => (b.page.oldestMs ?? 0) - (a.page.oldestMs ?? 0))[0]
  const since =
    latest?.page.oldestMs === undefined
      ? ''
      : ` A proxy keeps its last calls only: ${latest.at.name} those since ${clockText(latest.page.oldestMs)}.`
  return [`No proxy remembers a call ${printable(id)}.${since}`, ...silent].join('\n')
}

/** Several calls begin so. */
export function choiceText(prefix: string, found: readonly Seen[], idOf: (record: SeenRecord) => string | undefined): string {
  const byId = new Map<string, Seen>()
  for (const one of found.toSorted((a, b) => a.record.startMs - b.record.startMs)) {
    const id = idOf(one.record) ?? ''
    if (id.toLowerCase().startsWith(prefix) && !byId.has(id)) byId.set(id, one)
  }
  const lines = [...byId].slice(-MAX_CHOICES).map(([id, { record }]) => {
    const { method, path, status } = record
    return `  ${printable(id)}  ${clockText(endMs(record))}  ${printable(method)} ${printable(path)}  ${status}`
  })
  return [`Several calls begin with ${printable(prefix)}: write more of the id.`, ...lines].join('\n')
}

const MAX_CHOICES = 10
