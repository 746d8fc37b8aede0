import { originName, originPlace, type Origin } from '../../config/origin.ts'
import type { CallRecord } from '../record.ts'
import { printable } from './printable.ts'
import { sentenceOf } from './sentence.ts'

/** What went wrong with a call, or was made to: for people who run the mesh, not for the caller. */
export interface Trouble {
  /** Envoy's response flag, else the first word of its response code details. */
  readonly code: string
  /** `warning` where the caller got a good answer all the same. */
  readonly severity: 'error' | 'warning'
  /** What happened, one sentence. */
  readonly message: string
  /** What to do about it, one sentence. */
  readonly fix: string | undefined
  /** The object and field that decided. */
  readonly cause: Origin | undefined
  /** By which the call can be asked about. */
  readonly id: string | undefined
}

/** What is to be said of a call; undefined of one that went its way. */
export function troubleOf(record: CallRecord): Trouble | undefined {
  const code = codeOf(record)
  if (code === undefined) return undefined
  const { message, fix } = sentenceOf(code, record)
  const { requestId } = record
  const severity = record.status === 0 || record.status >= 400 ? 'error' : 'warning'
  return { code, severity, message, fix, cause: record.cause, id: requestId === undefined ? undefined : printable(requestId) }
}

/** In the form of all findings: `FILE:LINE:COL: error CODE sentence. What to do. (KIND NAMESPACE/NAME, id ID)`. */
export function troubleText({ code, severity, message, fix, cause, id }: Trouble): string {
  const place = cause?.file === undefined ? '' : `${originPlace(cause)}: `
  const about = [...(cause === undefined ? [] : [originName(cause)]), ...(id === undefined ? [] : [`id ${id}`])]
  return `${place}${severity} ${code} ${message}${fix === undefined ? '' : ` ${fix}`}${about.length === 0 ? '' : ` (${about.join(', ')})`}`
}

/** The flag that tells most: what ended the call goes before what only slowed it down. */
function codeOf({ flags, details, madeHere, status, protocol }: CallRecord): string | undefined {
  const flag = flags.findLast((one) => one !== 'DI' && one !== 'URX') ?? flags[0]
  if (flag !== undefined) return flag
  if (protocol === 'tcp') return details === '' ? undefined : firstWord(details)
  return madeHere && status >= 400 ? firstWord(details) : undefined
}

/** `rbac_access_denied_matched_policy[...]` without what it names. */
function firstWord(details: string): string {
  return /^[\w.-]+/.exec(details)?.[0] ?? 'unknown'
}
