import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { MAX_TIMES_BYTES } from './limits.ts'
import type { LogFile } from './log-files.ts'
import { readTimes, saidTime, writtenAt, type WrittenUpTo } from './line-time.ts'

export interface LogLine {
  readonly log: LogFile
  /** Unix milliseconds. */
  readonly atMs: number
  readonly text: string
}

export interface ReadLog {
  readonly lines: readonly LogLine[]
  /** Where the next line begins. */
  readonly end: number
  /** Whether lines before these were left out. */
  readonly cut: boolean
}

/** The whole lines at the end of a log, not more than `maxBytes` of them. */
export function readLog(log: LogFile, maxBytes: number): ReadLog {
  const { bytes, from } = endOf(log.path, maxBytes)
  const begin = from === 0 ? 0 : bytes.indexOf(NEWLINE) + 1
  const end = bytes.lastIndexOf(NEWLINE) + 1
  const texts = end <= begin ? [] : bytes.toString('utf8', begin, end - 1).split('\n')
  return { lines: timed({ log, texts, from: from + begin }), end: from + Math.max(begin, end), cut: from > 0 }
}

const NEWLINE = 10

function endOf(path: string, maxBytes: number): { readonly bytes: Buffer; readonly from: number } {
  const file = openSync(path, 'r')
  try {
    const { size } = fstatSync(file)
    const from = Math.max(0, size - maxBytes)
    const bytes = Buffer.alloc(size - from)
    return { bytes: bytes.subarray(0, readSync(file, bytes, 0, bytes.length, from)), from }
  } finally {
    closeSync(file)
  }
}

/** Each line with its time; what has none of its own is as old as the line before it, or as the supervisor noted. */
function timed({ log, texts, from }: { log: LogFile; texts: readonly string[]; from: number }): readonly LogLine[] {
  const times = timesOf(log.path)
  let at = from
  let lastMs = 0
  return texts.map((text) => {
    at += Buffer.byteLength(text) + 1
    lastMs = Math.max(lastMs, saidTime(text) ?? writtenAt(times, at) ?? lastMs)
    return { log, atMs: lastMs, text }
  })
}

/** None where nobody noted any. */
function timesOf(path: string): readonly WrittenUpTo[] {
  try {
    const { bytes, from } = endOf(`${path}.times`, MAX_TIMES_BYTES)
    return readTimes(bytes.toString('utf8', from === 0 ? 0 : bytes.indexOf(NEWLINE) + 1))
  } catch {
    return []
  }
}
