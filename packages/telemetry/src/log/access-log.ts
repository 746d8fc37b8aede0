import type { CallRecord } from '@mesh/core/call'
import { LIMITS } from '../limits.ts'
import { flagText } from '../metrics/call-labels.ts'

/**
 * One line in Istio's default text format, newline included. What is unknown is `-`; quotes, backslashes and control
 * characters of a field are escaped, so that no value can end its field or its line.
 */
export function formatAccessLog(record: CallRecord): string {
  const upstreamMs = record.upstreamMs === undefined ? '-' : Math.trunc(record.upstreamMs)
  return (
    `[${timeText(record.startMs)}] "${plain(record.method)} ${quoted(record.path)} ${configured(record.version)}" ` +
    `${record.status} ${flagText(record.flags)} ${configured(record.details)} - "${quoted(record.transportFailure)}" ` +
    `${record.bytesReceived} ${record.bytesSent} ${Math.trunc(record.durationMs)} ${upstreamMs} ` +
    `"${quoted(record.forwardedFor)}" "${quoted(record.userAgent)}" "${quoted(record.requestId)}" "${quoted(record.authority)}" ` +
    `"${record.upstreamRemote ?? '-'}" ${configured(record.cluster)} ${record.upstreamLocal ?? '-'} ${record.downstreamLocal} ` +
    `${record.downstreamRemote} ${plain(record.sni)} ${configured(record.routeName)}\n`
  )
}

// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const SPECIAL = /[\u0000-\u001f"\\\u007f-\u009f\u2028\u2029]/
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const SPECIALS = /[\u0000-\u001f"\\\u007f-\u009f\u2028\u2029]/g

function quoted(value: string | undefined): string {
  if (value === undefined || value === '') return '-'
  const bounded = value.length > LIMITS.logFieldLength ? `${value.slice(0, LIMITS.logFieldLength)}...` : value
  return SPECIAL.test(bounded) ? bounded.replace(SPECIALS, escapeOne) : bounded
}

/** A field without quotes: a space would end it. */
function plain(value: string | undefined): string {
  const text = quoted(value)
  return text.includes(' ') ? text.replaceAll(' ', '_') : text
}

const CONFIGURED = new Map<string, string>()

/** `plain` for texts of configuration and of our own, of which there are few: each is looked at once. */
function configured(value: string | undefined): string {
  if (value === undefined) return '-'
  const known = CONFIGURED.get(value)
  if (known !== undefined) return known
  const made = plain(value)
  if (CONFIGURED.size >= LIMITS.logKnownTexts) CONFIGURED.clear()
  CONFIGURED.set(value, made)
  return made
}

function escapeOne(character: string): string {
  const code = character.charCodeAt(0)
  return code < 256 ? `\\x${hex(code, 2)}` : `\\u${hex(code, 4)}`
}

function hex(code: number, digits: number): string {
  return code.toString(16).toUpperCase().padStart(digits, '0')
}

let knownSecond = Number.NaN
let knownText = ''

/** ISO 8601 with milliseconds; the part down to the second is made once for all lines of a second. */
function timeText(unixMs: number): string {
  const whole = Math.trunc(unixMs)
  const second = Math.floor(whole / 1000)
  if (second !== knownSecond) {
    knownSecond = second
    knownText = new Date(second * 1000).toISOString().slice(0, -4)
  }
  const rest = whole - second * 1000
  return `${knownText}${rest < 10 ? '00' : rest < 100 ? '0' : ''}${rest}Z`
}
