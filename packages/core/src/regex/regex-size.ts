/**
 * What an RE2 expression costs to parse, compile and run, read off its text in one pass: about the instructions of its program, never
 * fewer. Counted repetitions multiply. Classes of Unicode properties, and wide ranges whose case is ignored, count what it takes to build them.
 */
export function regexSize(pattern: string): number {
  return new SizeReader(pattern).read()
}

/** Frame of the program: fail, match. */
const FRAME = 4
/** Building the ranges of a property such as `\pL`; with their other cases. */
const PROPERTY = 50
const FOLDED_PROPERTY = 250
/** Characters of a range that are folded at the cost of one instruction. */
const FOLDED_PER_UNIT = 32

class SizeReader {
  readonly #text: string
  readonly #folds: boolean
  #at = 0
  /** Paid once, however often a part is repeated. */
  #building = 0
  /** Sum so far of each open group, outermost first. */
  readonly #groups: number[] = [0]
  /** What a repetition would multiply. */
  #last = 0

  constructor(text: string) {
    this.#text = text
    this.#folds = /\(\?[imsU]*i/.test(text)
  }

  read(): number {
    while (this.#at < this.#text.length) this.#part()
    return FRAME + this.#building + this.#groups.reduce((sum, group) => sum + group, 0)
  }

  #part(): void {
    const char = this.#text.charAt(this.#at)
    if (char === '\\') this.#escape()
    else if (char === '[') this.#class()
    else if (char === '(') this.#open()
    else if (char === ')') this.#close()
    else if (char === '*') this.#repeat(this.#last + this.#starSize(), 1)
    else if (char === '+' || char === '?') this.#repeat(this.#last + 1, 1)
    else if (char === '{') this.#count()
    else if (char === '|') this.#alternative()
    else {
      this.#at++
      this.#add(1)
    }
  }

  /** An alternative that is empty has an instruction of its own. */
  #alternative(): void {
    const before = /(?:^|[(|:>)])$/.test(this.#text.slice(Math.max(this.#at - 1, 0), this.#at)) ? 1 : 0
    this.#at++
    const behind = /^(?:$|[|)])/.test(this.#text.slice(this.#at, this.#at + 1)) ? 1 : 0
    this.#add(1 + before + behind)
    this.#last = 0
  }

  #add(size: number): void {
    this.#groups.push((this.#groups.pop() ?? 0) + size)
    this.#last = size
  }

  /** Replaces the size of the last part; `?` behind a repetition only says which match is preferred. */
  #repeat(size: number, length: number): void {
    this.#groups.push((this.#groups.pop() ?? 0) - this.#last + size)
    this.#last = size
    this.#at += length
    if (this.#text.charAt(this.#at) === '?') this.#at++
  }

  /** What may be empty needs two instructions to go round. */
  #starSize(): number {
    return /(?:[)^$]|\\[bBAz])$/.test(this.#text.slice(Math.max(this.#at - 2, 0), this.#at)) ? 2 : 1
  }

  #count(): void {
    const [written, from, comma, to] = /^\{(\d+)(,)?(\d+)?\}/.exec(this.#text.slice(this.#at, this.#at + 32)) ?? []
    if (written === undefined) {
      this.#at++
      return this.#add(1)
    }
    const least = Number(from)
    const most = comma === undefined ? least : to === undefined ? Math.max(least, 1) + 1 : Math.max(Number(to), least)
    this.#repeat(Math.max(this.#last, 1) * Math.max(most, 1) + (most - least) + 2, written.length)
  }

  /** `(`, `(?:`, `(?P<name>`, or flags that stand alone and open nothing. */
  #open(): void {
    const head = /^\((?:\?(?:P?<[^>]*>|[a-zA-Z-]*:?))?/.exec(this.#text.slice(this.#at))?.[0] ?? '('
    this.#at += head.length
    if (head.startsWith('(?') && !/[:>]$/.test(head) && this.#text.charAt(this.#at) === ')') {
      // A repetition behind flags still means what stands before them.
      this.#at++
      return
    }
    this.#last = 0
    this.#groups.push(0)
  }

  #close(): void {
    this.#at++
    const inner = this.#groups.length > 1 ? (this.#groups.pop() ?? 0) : 0
    this.#add(Math.max(inner, 1) + 2)
  }

  #escape(): void {
    const kind = this.#text.charAt(this.#at + 1)
    if (kind === 'Q') return this.#quoted()
    if (kind === 'p' || kind === 'P') this.#building += this.#folds ? FOLDED_PROPERTY : PROPERTY
    this.#at += escapeLength(this.#text, this.#at)
    this.#add(1)
  }

  #quoted(): void {
    const end = this.#text.indexOf('\\E', this.#at + 2)
    const last = end < 0 ? this.#text.length : end
    for (let char = this.#at + 2; char < last; char++) this.#add(1)
    this.#at = end < 0 ? last : end + 2
  }

  /** `[a-z]`: one instruction, and the building of its ranges. */
  #class(): void {
    const { text, end } = classAt(this.#text, this.#at)
    this.#at = end
    this.#add(1)
    const properties = text.match(/\\[pP]/g)?.length ?? 0
    this.#building += properties * (this.#folds ? FOLDED_PROPERTY : PROPERTY)
    if (this.#folds) this.#building += foldedWidth(text) / FOLDED_PER_UNIT
  }
}

/** How many characters an escape takes: `\.`, `\x41`, `\x{10FFFF}`, `\pL`, `\p{Greek}`. */
function escapeLength(text: string, at: number): number {
  const written = /^\\(?:[pPx]\{[^}]*\}?|x[0-9a-fA-F]{2}|[pP].|[0-7]{1,3}|.)/su.exec(text.slice(at, at + 64))?.[0]
  return Math.max(written?.length ?? 1, 1)
}

/** A class up to its bracket; `]` in first place, escapes and `[:alpha:]` do not end it. */
function classAt(text: string, from: number): { readonly text: string; readonly end: number } {
  let at = from + 1
  if (text.charAt(at) === '^') at++
  if (text.charAt(at) === ']') at++
  while (at < text.length && text.charAt(at) !== ']') {
    if (text.charAt(at) === '\\') at += escapeLength(text, at)
    else if (text.startsWith('[:', at)) at = endOfName(text, at)
    else at++
  }
  return { text: text.slice(from, at), end: Math.min(at + 1, text.length) }
}

function endOfName(text: string, at: number): number {
  const end = text.indexOf(':]', at + 2)
  return end < 0 ? at + 1 : end + 2
}

/** Characters in the ranges of a class beyond ASCII, whose other cases have to be looked for. */
function foldedWidth(text: string): number {
  let width = 0
  for (const [, low = '', high = ''] of text.matchAll(/(\\x\{[^}]*\}|\\x..|\\?.)-(\\x\{[^}]*\}|\\x..|\\?.)/gsu)) {
    const from = codeOf(low)
    const to = codeOf(high)
    if (to > 0x7f) width += Math.max(to - from, 0)
  }
  return width
}

function codeOf(written: string): number {
  const hex = /^\\x\{?([0-9a-fA-F]+)/.exec(written)?.[1]
  return hex === undefined ? (written.replace(/^\\/, '').codePointAt(0) ?? 0) : Number.parseInt(hex, 16)
}
