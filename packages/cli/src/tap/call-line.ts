import { printable } from '@mesh/core/call'
import { paint } from '../output/print.ts'
import { clockText } from '../records/clock-text.ts'
import { calledName, callerName, msText, paintedStatus, shortId, shortPlace } from '../records/record-words.ts'
import { endMs, type SeenRecord } from '../records/seen-record.ts'
import type { ShortNames } from '../records/short-names.ts'

/** `16:21:05.120 reviews-v2 → ratings 500 · flag FI · ratings.yaml:15 · id e71abc12 · meshctl explain e71abc12`. */
export function callLine(record: SeenRecord, names: ShortNames): string {
  const head = `${paint('dim', clockText(endMs(record)))} ${callerName(record, names)} → ${calledName(record, names)}`
  const { flags, protocol, durationMs, trouble, requestId } = record
  const parts = [
    `${head} ${paintedStatus({ ...record, flags: [] })}`,
    ...(flags.length === 0 ? [] : [`flag ${flags.join(',')}`]),
    ...(protocol === 'tcp' ? [bytesText(record)] : [`${printable(record.method)} ${printable(record.path)}`]),
    msText(durationMs),
    ...(trouble?.cause === undefined ? [] : [shortPlace(trouble.cause)]),
    ...(requestId === undefined ? [] : [`id ${shortId(requestId)}`]),
    ...(trouble === undefined || requestId === undefined ? [] : [`meshctl explain ${shortId(requestId)}`]),
    ...(trouble !== undefined && requestId === undefined ? [trouble.message] : []),
  ]
  return parts.join(' · ')
}

function bytesText({ bytesReceived, bytesSent }: SeenRecord): string {
  return `${bytesReceived} B in, ${bytesSent} B out`
}
