import { ARENA, assertWithin } from './arena.ts'

/** Addresses in the arena, and numbers, as C is given them. Those that come again and again are made once: a BigInt is an object. */
export class Addresses {
  readonly #base: bigint
  readonly #begins: ReadonlyMap<number, bigint>
  /** Of each step of the arena's `turn`. */
  readonly #turn: (bigint | undefined)[] = Array.from({ length: ARENA.turnBytes / ARENA.turnStep }, () => undefined)

  constructor(base: bigint) {
    this.#base = base
    this.#begins = new Map([ARENA.read, ARENA.plain, ARENA.out, ARENA.events].map((offset) => [offset, base + BigInt(offset)]))
  }

  /** Where this range of the arena lies. */
  at(offset: number, length: number): bigint {
    assertWithin(offset, length)
    if (offset >= ARENA.turn && offset % ARENA.turnStep === 0) return this.#turnAt(offset)
    return this.#begins.get(offset) ?? this.#base + BigInt(offset)
  }

  #turnAt(offset: number): bigint {
    return (this.#turn[(offset - ARENA.turn) / ARENA.turnStep] ??= this.#base + BigInt(offset))
  }
}

const KNOWN: bigint[] = Array.from({ length: 4096 }, (_, index) => BigInt(index))
const READ_BYTES = BigInt(ARENA.readBytes)

/** A number of C that is not negative. */
export function big(value: number): bigint {
  if (value < KNOWN.length) return KNOWN[value] ?? BigInt(value)
  return value === ARENA.readBytes ? READ_BYTES : BigInt(value)
}
