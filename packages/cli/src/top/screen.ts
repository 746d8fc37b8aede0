/** Where a table is shown that changes. */
export interface Screen {
  /** Lines that fit below the title; undefined: as many as there are. */
  readonly height: number | undefined
  show(title: string, text: string): void
  close(): void
}

type Out = Pick<NodeJS.WriteStream, 'isTTY' | 'rows' | 'write'>

/** On a terminal the table stands still and its figures change, on a screen of its own that is left at the end; else tables follow each other. */
export function openScreen(out: Out): Screen {
  if (!out.isTTY) {
    let first = true
    return {
      height: undefined,
      show(_title, text) {
        out.write(first ? `${text}\n` : `\n${text}\n`)
        first = false
      },
      close: () => undefined,
    }
  }
  out.write(ENTER)
  return {
    get height() {
      return Math.max(3, (out.rows ?? 24) - 2)
    },
    show: (title, text) => void out.write(`${HOME}${[title, '', ...text.split('\n')].map((line) => line + TO_END).join('\n')}${BELOW}`),
    close: () => void out.write(LEAVE),
  }
}

/** The other screen, without a cursor; and back. */
const ENTER = '\u001b[?1049h\u001b[?25l\u001b[2J'
const LEAVE = '\u001b[?25h\u001b[?1049l'
const HOME = '\u001b[H'
/** What stood there before, behind a line and below the last one. */
const TO_END = '\u001b[K'
const BELOW = '\u001b[J'
