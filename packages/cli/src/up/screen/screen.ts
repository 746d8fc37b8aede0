import type { Writable } from 'node:stream'

/** Where a running mesh talks to the person who started it. */
export interface Screen {
  /** A line that stays. */
  say(line: string): void
  /** What goes on at this moment, until the next; undefined: nothing. */
  show(status: string | undefined): void
}

/** A terminal: what goes on stands in the last line, and is replaced in place. */
export function terminalScreen(out: Writable & { readonly columns?: number }): Screen {
  let shown: string | undefined
  const draw = (status: string | undefined): string => (status === undefined ? '' : status.slice(0, Math.max(1, (out.columns ?? 80) - 1)))
  return {
    say: (line) => void out.write(shown === undefined ? `${line}\n` : `${ERASE}${line}\n${draw(shown)}`),
    show: (status) => {
      if (status === shown) return
      out.write(`${shown === undefined ? '' : ERASE}${draw(status)}`)
      shown = status
    },
  }
}

/** A file or a pipe: only what stays. */
export function plainScreen(out: Writable): Screen {
  return { say: (line) => void out.write(`${line}\n`), show: () => {} }
}

/** To the begin of the line, which is emptied. */
const ERASE = '\r\u001b[2K'
