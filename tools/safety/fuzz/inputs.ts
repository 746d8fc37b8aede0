import { editBytes } from '../running/edit-bytes.ts'
import type { Random } from '../running/random.ts'
import { readCorpus } from './corpus.ts'
import { MAX_INPUT_BYTES, MAX_POOL } from './limits.ts'
import type { Target } from './target.ts'

/** Inputs for one target: those that are kept, and changes of them without end. */
export class Inputs {
  readonly #pool: Uint8Array[]
  readonly #ways = new Set<string>()

  constructor(target: Target) {
    // No Buffers: their `slice` is no copy.
    this.#pool = [...target.seeds(), ...readCorpus(target.name).values()].map((bytes) => Uint8Array.from(bytes))
  }

  /** As they are kept. */
  get kept(): readonly Uint8Array[] {
    return this.#pool
  }

  get ways(): number {
    return this.#ways.size
  }

  changed(random: Random): Uint8Array {
    const one = random.pick(this.#pool)
    const base = random.once(4) ? spliced(one, random.pick(this.#pool), random) : one
    return editBytes(base, random).subarray(0, MAX_INPUT_BYTES)
  }

  /** An input took this way; one that nobody took before is worth further changes. */
  took(way: string, bytes: Uint8Array): void {
    if (this.#ways.size >= MAX_POOL || this.#ways.has(way)) return
    this.#ways.add(way)
    this.#pool.push(bytes)
  }
}

/** The beginning of one and the end of another. */
function spliced(left: Uint8Array, right: Uint8Array, random: Random): Uint8Array {
  return Buffer.concat([left.subarray(0, random.whole(left.length + 1)), right.subarray(random.whole(right.length + 1))])
}
