import { CommandFailure, EXIT } from '../output/exit-code.ts'
import type { SeenRecord } from '../records/seen-record.ts'

/** Which calls are told; absent parts tell all. */
export interface CallFilter {
  /** A service, workload or app, with or without its namespace. */
  readonly to?: string | undefined
  readonly from?: string | undefined
  /** `5xx`, `404`, or several with commas. */
  readonly status?: string | undefined
}

/** Compiles a filter. Fails with a sentence when it says nothing. */
export function callFilter({ to, from, status }: CallFilter): (record: SeenRecord) => boolean {
  const statuses = status === undefined ? undefined : status.split(',').map(statusTest)
  return (record) =>
    isFirstHand(record) &&
    (to === undefined || calledNames(record).includes(to)) &&
    (from === undefined || callerNames(record).includes(from)) &&
    (statuses === undefined || (record.protocol === 'http' && statuses.some((test) => test(record.status))))
}

/** Each call is told once, by its caller's proxy; by the other one too when that answered itself, or knows no caller. */
function isFirstHand({ reporter, madeHere, peer }: SeenRecord): boolean {
  return reporter === 'source' || madeHere || peer === undefined
}

function statusTest(word: string): (status: number) => boolean {
  const text = word.trim().toLowerCase()
  const hundreds = /^([0-5])xx$/.exec(text)?.[1]
  if (hundreds !== undefined) return (status) => Math.floor(status / 100) === Number(hundreds)
  if (!/^\d{1,3}$/.test(text)) throw new CommandFailure(EXIT.usage, `--status takes 5xx, 404, or several with commas, not "${word}".`)
  return (status) => status === Number(text)
}

function calledNames({ reporter, self, peer, service }: SeenRecord): readonly string[] {
  const there = reporter === 'destination' ? self : peer
  return [...namesOf(there), ...(service === undefined ? [] : [service.host, ...spelt(service.name, service.namespace)])]
}

function callerNames({ reporter, self, peer }: SeenRecord): readonly string[] {
  return namesOf(reporter === 'source' ? self : peer)
}

function namesOf(who: SeenRecord['peer']): readonly string[] {
  return who === undefined ? [] : [...spelt(who.workload, who.namespace), ...spelt(who.app, who.namespace)]
}

function spelt(name: string, namespace: string): readonly string[] {
  return [name, `${name}.${namespace}`]
}
