import type { MessageHead } from '../h1/message-head.ts'
import type { H2Limits } from '../limits.ts'
import type { H2Stream } from './stream.ts'

/** Heads that serve again, for all sessions with the same bounds: each has buffers of its own, which cost more than their bytes. */
export class SpareHeads<Head extends MessageHead> {
  readonly #byLimits = new WeakMap<H2Limits, Head[]>()

  /** Those of these bounds. */
  for(limits: H2Limits): Head[] {
    const there = this.#byLimits.get(limits)
    if (there !== undefined) return there
    const heads: Head[] = []
    this.#byLimits.set(limits, heads)
    return heads
  }
}

/** Takes a stream's head back, once; a large one is not worth its memory. */
export function spareHead<Head extends MessageHead>(spare: Head[], stream: Pick<H2Stream, 'spared'> & { readonly head: Head }): void {
  if (stream.spared) return
  stream.spared = true
  if (spare.length < MAX_SPARE && stream.head.bytes.length <= MAX_BYTES) spare.push(stream.head)
}

const MAX_SPARE = 512
const MAX_BYTES = 4096
