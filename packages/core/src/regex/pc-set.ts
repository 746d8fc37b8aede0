import { ASSERT, FORK, READ, type Program } from './program.ts'

/** A set of places in a program, in order of arrival; cleared at no cost. */
export class PcSet {
  readonly dense: Int32Array
  readonly #sparse: Int32Array
  size = 0

  constructor(length: number) {
    this.dense = new Int32Array(length)
    this.#sparse = new Int32Array(length)
  }

  /** Becomes the first `size` of these. */
  load(pcs: Int32Array, size: number): void {
    this.size = 0
    for (let at = 0; at < size; at++) this.add(pcs[at] as number)
  }

  add(pc: number): void {
    if (pc === 0) return
    const at = this.#sparse[pc] as number
    if (at < this.size && this.dense[at] === pc) return
    this.#sparse[pc] = this.size
    this.dense[this.size++] = pc
  }

  /** Adds all that can be reached without reading, past the assertions that `place` satisfies. */
  close({ kinds, outs, args }: Program, place: number): void {
    for (let at = 0; at < this.size; at++) {
      const pc = this.dense[at] as number
      const kind = kinds[pc]
      if (kind === FORK) {
        this.add(outs[pc] as number)
        this.add(args[pc] as number)
      } else if (kind === ASSERT && ((args[pc] as number) & ~place) === 0) this.add(outs[pc] as number)
    }
  }

  /** Adds all that `from` can go on to over one code point. */
  read(program: Program, from: PcSet, rune: number): void {
    const { kinds, outs, lows, highs, holes } = program
    for (let at = 0; at < from.size; at++) {
      const pc = from.dense[at] as number
      if (kinds[pc] !== READ) continue
      const low = lows[pc] as number
      const high = highs[pc] as number
      if (low <= high ? low <= rune && rune <= high && holes[pc] !== rune : program.takes(pc, rune)) this.add(outs[pc] as number)
    }
  }

  holds({ kinds }: Program, kind: number): boolean {
    for (let at = 0; at < this.size; at++) if (kinds[this.dense[at] as number] === kind) return true
    return false
  }
}
