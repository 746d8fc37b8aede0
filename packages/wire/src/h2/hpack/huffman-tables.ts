import { CODES, CODE_LENGTHS } from './huffman-code.ts'

/** A step: the byte that it completes, whether it completes one, and the next state. */
export const EMITS = 256
export const STATE_SHIFT = 9
export const BROKEN = -1

interface Branch {
  readonly children: (Branch | number | undefined)[]
  state: number
  /** Bits from the root when all of them are ones; -1 otherwise. */
  ones: number
}

/** The code as a machine that takes four bits at a time. */
export interface Tables {
  /** By state and four bits. */
  readonly steps: Int32Array
  /** By state: whether a text may end there. */
  readonly accepting: Uint8Array
}

export function makeTables(): Tables {
  const branches = makeTree()
  const steps = new Int32Array(branches.length * 16)
  for (const branch of branches)
    for (let nibble = 0; nibble < 16; nibble++) steps[(branch.state << 4) | nibble] = stepFrom(branch, nibble, branches[0])
  // Up to seven ones may stand behind the last code (RFC 7541 section 5.2).
  return { steps, accepting: Uint8Array.from(branches, ({ ones }) => Number(ones >= 0 && ones <= 7)) }
}

function stepFrom(from: Branch, nibble: number, root: Branch | undefined): number {
  let branch = from
  let emitted = 0
  for (let bit = 3; bit >= 0; bit--) {
    const next = branch.children[(nibble >> bit) & 1]
    if (next === undefined || root === undefined) return BROKEN
    if (typeof next === 'number') emitted = EMITS | next
    branch = typeof next === 'number' ? root : next
  }
  return (branch.state << STATE_SHIFT) | emitted
}

/** The inner nodes of the code's tree, the root first. The end-of-string symbol has no leaf, so whoever sends it is refused. */
function makeTree(): readonly Branch[] {
  const root: Branch = { children: [undefined, undefined], state: 0, ones: 0 }
  const branches = [root]
  for (let byte = 0; byte < 256; byte++) {
    let branch = root
    for (let bit = (CODE_LENGTHS[byte] as number) - 1; bit > 0; bit--) {
      const side = Math.floor((CODES[byte] as number) / 2 ** bit) & 1
      let next = branch.children[side]
      if (typeof next !== 'object') {
        next = { children: [undefined, undefined], state: branches.length, ones: side === 1 && branch.ones >= 0 ? branch.ones + 1 : -1 }
        branch.children[side] = next
        branches.push(next)
      }
      branch = next
    }
    branch.children[(CODES[byte] as number) & 1] = byte
  }
  return branches
}
