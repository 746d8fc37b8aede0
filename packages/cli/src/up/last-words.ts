import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { plainText } from '../output/terminal-safe.ts'
import { MAX_LAST_WORDS, MAX_LAST_WORDS_BYTES } from './limits.ts'

/** What a process said about its end: the last line of its log that tells of an error, else the last line; undefined when there is none. */
export function lastWords(log: string): string | undefined {
  const lines = endOf(log)
    .split('\n')
    .map((line) => plainText(line).trim())
    .filter((line) => line !== '' && !NOISE.test(line))
  const line = lines.findLast((one) => ERROR.test(one)) ?? lines.at(-1)
  return line === undefined || line.length <= MAX_LAST_WORDS ? line : `${line.slice(0, MAX_LAST_WORDS)}...`
}

const ERROR = /^(uncaught |fatal|panic|error)|^[\w.]*(Error|Exception)\b/i
/** What Node prints behind an error. */
const NOISE = /^Node\.js v[\d.]+$/

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
