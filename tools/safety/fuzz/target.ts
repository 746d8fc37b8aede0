import type { Random } from '../running/random.ts'

/** A parser under test. */
export interface Target {
  readonly name: string
  /** What changes begin from, beside the files of `corpus/NAME`. */
  readonly seeds: () => readonly Uint8Array[]
  /**
   * Throws where a rule of the parser is broken. Answers what sort of way the bytes took: inputs that take a new one are kept
   * for further changes.
   */
  readonly check: (bytes: Uint8Array, random: Random) => string
}

/** Something that must hold did not. */
export class Broken extends Error {
  override readonly name = 'Broken'
}

/** Ascending places within bytes at which they are cut. */
export function cutsOf(bytes: Uint8Array, random: Random): readonly number[] {
  if (bytes.length < 2) return []
  const places = Array.from({ length: 1 + random.whole(5) }, () => 1 + random.whole(bytes.length - 1))
  return [...new Set(places)].toSorted((a, b) => a - b)
}

export function same(what: string, left: unknown, right: unknown): void {
  const [a, b] = [JSON.stringify(left), JSON.stringify(right)]
  if (a !== b) throw new Broken(`${what}:\n${a}\n${b}`)
}

export function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'latin1'))
}

const STEPS_OF_A_WAY = 12

/** A way is which steps there are, not how often; else long inputs would always be new. */
export function wayOf(steps: readonly string[]): string {
  return [...new Set(steps)].slice(0, STEPS_OF_A_WAY).join()
}
