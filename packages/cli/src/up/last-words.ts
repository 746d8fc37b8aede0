import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { plainText } from '../output/terminal-safe.ts'
import { MAX_LAST_WORDS, MAX_LAST_WORDS_BYTES } from './limits.ts'

/** What a process said about its end: the last line of its log that tells of an error, else the last line; undefined when there is none. */
export function lastWords(log: string): string | undefined {
  const lines = endOf(log)
    .split('\n')
    .map((line) => spoken(plainText(line).trim()))
    .filter((line) => line !== '' && !NOISE.test(line))
  const line = lines.findLast((one) => ERROR.test(one)) ?? lines.at(-1)
  return line === undefined || line.length <= MAX_LAST_WORDS ? line : `${line.slice(0, MAX_LAST_WORDS)}...`
}

const ERROR = /^(uncaught |fatal|panic|error)|^[\w.]*(Error|Exception)\b/i
/** What Node prints behind an error. */
const NOISE = /^Node\.js v[\d.]+$/

/** Of an event of the mesh's own processes what it says, as far as it is an error; other lines are what they are. */
function spoken(line: string): string {
  if (!line.startsWith('{')) return line
  try {
    const { level, msg, reason, err } = JSON.parse(line) as Event
    if (level === undefined || msg === undefined) return line
    const why = reason ?? err?.message
    return level === 'error' || level === 'fatal' ? `${level}: ${msg}${why === undefined ? '' : `: ${why}`}` : ''
  } catch {
    return line
  }
}

interface Event {
  readonly level?: string
  readonly msg?: string
  readonly reason?: string
  readonly err?: { readonly message?: string }
}

function endOf(log: string): string {
  try {
    const file = openSync(log, 'r')
    try {
      const { size } = fstatSync(file)
      const bytes = Buffer.alloc(Math.min(size, MAX_LAST_WORDS_BYTES))
      return bytes.toString('utf8', 0, readSync(file, bytes, 0, bytes.length, size - bytes.length))
    } finally {
      closeSync(file)
    }
  } catch {
    return ''
  }
}
