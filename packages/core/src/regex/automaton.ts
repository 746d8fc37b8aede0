import { REGEX_LIMITS } from './limits.ts'
import { PcSet } from './pc-set.ts'
import { AT_BEGIN, behind, BEHIND_OTHER, END, EVERYWHERE, placeBetween } from './place.ts'
import { ACCEPT, type Program } from './program.ts'

/** Work that is still allowed; below 0, what `matches` answered means nothing. */
export interface Meter {
  steps: number
}

/** Where a program may stand behind some characters, and where each ASCII character leads from there. */
interface State {
  readonly pcs: Int32Array
  /** What stands before: assertions ask for it. */
  readonly before: number
  readonly cost: number
  readonly accepts: boolean
  readonly next: (State | undefined)[]
}

const ASCII = 128
/** Characters walked without memory, per state that is remembered, before the memory is given to others. */
const PATIENCE = 64

/**
 * Runs a program over a whole text in one pass. States that were seen are remembered up to a bound, beyond it they are walked in place.
 * The steps that a text takes depend on program and text alone, not on what is remembered.
 */
export class Automaton {
  readonly #program: Program
  readonly #maxCells: number
  readonly #sets: readonly [PcSet, PcSet, PcSet]
  readonly #states = new Map<string, State>()
  #cells = 0
  #walked = 0
  #start: State | undefined

  constructor(program: Program) {
    const { length } = program
    this.#program = program
    this.#maxCells = REGEX_LIMITS.stateCells + REGEX_LIMITS.stateCellsPerSize * length
    this.#sets = [new PcSet(length), new PcSet(length), new PcSet(length)]
  }

  /** Whether the program takes the whole text. */
  matches(text: string, meter: Meter): boolean {
    let state = this.#begin()
    meter.steps -= state.cost
    let at = 0
    while (at < text.length) {
      if (meter.steps < 0) return false
      const code = text.charCodeAt(at)
      const next = (code < ASCII ? state.next[code] : undefined) ?? this.#advance(state, runeAt(text, at))
      if (next === undefined) return this.#walk({ text, at, state }, meter)
      if (next.pcs.length === 0) return false
      meter.steps -= next.cost
      at += code < ASCII ? 1 : widthOf(runeAt(text, at))
      state = next
    }
    return state.accepts
  }

  #begin(): State {
    if (this.#start !== undefined) return this.#start
    const [set] = this.#sets
    set.load(Int32Array.of(this.#program.start), 1)
    set.close(this.#program, 0)
    this.#start = this.#stateOf(set, AT_BEGIN)
    return this.#start
  }

  /** The state behind one more character; undefined when it is new and there is no memory for it. */
  #advance(state: State, rune: number): State | undefined {
    const [now, then] = this.#sets
    now.load(state.pcs, state.pcs.length)
    const before = this.#read(now, then, state.before, rune)
    const pcs = then.dense.slice(0, then.size).sort()
    const key = String.fromCharCode(before, ...pcs)
    let next = this.#states.get(key)
    if (next === undefined) {
      if (this.#cells > this.#maxCells) return undefined
      next = this.#stateOf(then, before)
      this.#states.set(key, next)
    }
    if (rune < ASCII) state.next[rune] = next
    return next
  }

  /** The rest of a text, without memory. */
  #walk(from: { readonly text: string; readonly at: number; readonly state: State }, meter: Meter): boolean {
    let [now, then] = this.#sets
    let { at } = from
    let { before } = from.state
    now.load(from.state.pcs, from.state.pcs.length)
    while (at < from.text.length && now.size > 0 && meter.steps >= 0) {
      const rune = runeAt(from.text, at)
      before = this.#read(now, then, before, rune)
      meter.steps -= this.#costOf(then)
      at += widthOf(rune)
      ;[now, then] = [then, now]
    }
    this.#forget(at - from.at)
    return now.size > 0 && this.#accepts(now, before)
  }

  /** Memory that no longer serves goes to new states. */
  #forget(walked: number): void {
    this.#walked += walked
    if (this.#walked < PATIENCE * this.#states.size) return
    this.#walked = 0
    this.#cells = 0
    this.#states.clear()
    this.#start = undefined
  }

  /** From `now` over one code point to `then`; answers what it leaves behind. */
  #read(now: PcSet, then: PcSet, before: number, rune: number): number {
    const program = this.#program
    if (program.asserts) now.close(program, placeBetween(before, rune))
    then.size = 0
    then.read(program, now, rune)
    then.close(program, 0)
    return program.asserts ? behind(rune) : BEHIND_OTHER
  }

  #stateOf(set: PcSet, before: number): State {
    const pcs = set.dense.slice(0, set.size)
    this.#cells += ASCII + pcs.length
    return { pcs, before, cost: this.#costOf(set), accepts: this.#accepts(set, before), next: new Array<undefined>(ASCII).fill(undefined) }
  }

  /** The places to look at, were every assertion true. */
  #costOf(set: PcSet): number {
    if (!this.#program.asserts) return set.size
    const [, , all] = this.#sets
    all.load(set.dense, set.size)
    all.close(this.#program, EVERYWHERE)
    return all.size
  }

  #accepts(set: PcSet, before: number): boolean {
    const [, , all] = this.#sets
    all.load(set.dense, set.size)
    all.close(this.#program, placeBetween(before, END))
    return all.holds(this.#program, ACCEPT)
  }
}

function runeAt(text: string, at: number): number {
  return text.codePointAt(at) as number
}

function widthOf(rune: number): number {
  return rune > 0xffff ? 2 : 1
}
