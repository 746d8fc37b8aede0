import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { StringDecoder } from 'node:string_decoder'
import { MAX_LINE_CHARACTERS } from './limits.ts'

/** Reads what is written to a log from some byte on. */
export interface LogFollower {
  /** The lines that were finished since the last call; none when the log has gone. */
  lines(): readonly string[]
}

const CHUNK = 64 * 1024

export function followLog(path: string, from: number): LogFollower {
  const buffer = Buffer.alloc(CHUNK)
  let decoder = new StringDecoder('utf8')
  let at = from
  let rest = ''
  const read = (file: number): string => {
    let text = ''
    // A log that has become shorter began anew.
    if (fstatSync(file).size < at) [at, rest, decoder] = [0, '', new StringDecoder('utf8')]
    for (let count = -1; count !== 0; at += count) {
      count = readSync(file, buffer, 0, CHUNK, at)
      text += decoder.write(buffer.subarray(0, count))
    }
    return text
  }
  return {
    lines: () => {
      const file = opened(path)
      if (file === undefined) return []
      try {
        const fresh = read(file)
        const pieces = (rest + fresh).split('\n')
        rest = pieces.pop() ?? ''
        if (rest.length <= MAX_LINE_CHARACTERS) return pieces
        pieces.push(rest)
        rest = ''
        return pieces
      } finally {
        closeSync(file)
      }
    },
  }
}

function opened(path: string): number | undefined {
  try {
    return openSync(path, 'r')
  } catch {
    return undefined
  }
}
