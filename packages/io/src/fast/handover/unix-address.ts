import { ARENA, type Arena } from '../native/arena.ts'
import { LINUX } from '../native/machine.ts'

/** Where a `sockaddr_un` stands. */
export const UNIX_CELL = ARENA.cell + 3600
const MAX_PATH = 100

/** Writes the address of a Unix socket into the arena; answers its length, undefined when the path is too long for one. */
export function writeUnixAddress({ view, bytes }: Arena, path: string): number | undefined {
  const text = Buffer.from(path)
  if (text.length === 0 || text.length > MAX_PATH || text.includes(0)) return undefined
  view.setUint16(UNIX_CELL, LINUX.AF_UNIX, true)
  bytes.set(text, UNIX_CELL + 2)
  bytes[UNIX_CELL + 2 + text.length] = 0
  return 2 + text.length + 1
}
