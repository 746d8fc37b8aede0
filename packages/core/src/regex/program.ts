import { RE2JS } from 're2js'

/** The program of an expression, as flat tables; instruction 0 fails. */
export interface Program {
  readonly start: number
  readonly length: number
  readonly kinds: Uint8Array
  /** Where each instruction goes on. */
  readonly outs: Int32Array
  /** The second way of a fork; what an assertion asks of its place, as a set of `PLACE` bits. */
  readonly args: Int32Array
  /** The range that an instruction reads, but for one code point in it, where that says it (`a`, `[0-9]`, `.`, `[^/]`); else from 1 to 0, and `takes` says. */
  readonly lows: Int32Array
  readonly highs: Int32Array
  readonly holes: Int32Array
  /** Whether an instruction that reads takes this code point. */
  takes(at: number, rune: number): boolean
  /** Whether any instruction is an assertion (`^`, `\b`). */
  readonly asserts: boolean
}

/** What an instruction does. */
export const FORK = 1
export const ASSERT = 2
export const READ = 3
export const ACCEPT = 4

/** What may be true between two characters: RE2's empty-width conditions. */
export const PLACE = { lineBegin: 1, lineEnd: 2, textBegin: 4, textEnd: 8, wordEdge: 16, noWordEdge: 32 } as const

/** Compiles an expression that `regexFault` has nothing against. The library parses; what runs is ours, since it bounds neither time nor memory. */
export function compileProgram(pattern: string): Program {
  const { inst, start } = RE2JS.compile(pattern).re2Input.prog as CompiledProgram
  const ranges = inst.map(rangeOf)
  const kinds = Uint8Array.from(inst, (one) => KINDS[one.op] ?? 0)
  return {
    start: follow(inst, start),
    length: inst.length,
    kinds,
    outs: Int32Array.from(inst, (one) => follow(inst, one.out)),
    args: Int32Array.from(inst, (one) => (KINDS[one.op] === FORK ? follow(inst, one.arg) : one.arg)),
    lows: Int32Array.from(ranges, ([low]) => low),
    highs: Int32Array.from(ranges, ([, high]) => high),
    holes: Int32Array.from(ranges, ([, , hole]) => hole),
    takes: (at, rune) => inst[at]?.matchRune(rune) === true,
    asserts: kinds.includes(ASSERT),
  }
}

/** What the library's types leave open. */
interface CompiledProgram {
  readonly inst: readonly Instruction[]
  readonly start: number
}

interface Instruction {
  readonly op: number
  readonly out: number
  readonly arg: number
  readonly runes: ArrayLike<number>
  matchRune(rune: number): boolean
}

/** RE2's instructions in the order of its numbers: alt, alt-match, capture, empty-width, fail, match, nop, rune, rune1, any, any-not-nl. */
const KINDS = [0, FORK, FORK, 0, ASSERT, 0, ACCEPT, 0, READ, READ, READ, READ]
const CAPTURE = 3
const NOP = 7

const NO_RANGE: Range = [1, 0, -1]
type Range = readonly [low: number, high: number, hole: number]

function rangeOf({ op, arg, runes }: Instruction): Range {
  const [low, high, next, last] = Array.from(runes)
  if (KINDS[op] !== READ || low === undefined) return NO_RANGE
  if (high === undefined) return arg === 0 ? [low, low, -1] : NO_RANGE
  if (next === undefined) return [low, high, -1]
  return runes.length === 4 && next === high + 2 && last !== undefined ? [low, last, high + 1] : NO_RANGE
}

/** Past what does nothing when groups are not asked for. */
function follow(inst: readonly Instruction[], from: number): number {
  let at = from
  for (let steps = 0; steps < inst.length; steps++) {
    const one = inst[at]
    if (one === undefined || (one.op !== CAPTURE && one.op !== NOP)) return at
    at = one.out
  }
  return 0
}
