/** Where in the arena what lies, as offsets in bytes. Each region belongs to one purpose; nothing in it outlives the call that filled it. */
export const ARENA = {
  /** What `recv` reads; with TLS: records as they came. */
  read: 0,
  readBytes: 64 * 1024,
  /** Plain bytes out of TLS records. */
  plain: 64 * 1024,
  plainBytes: 64 * 1024,
  /** Bytes on their way out that do not lie in the arena already; certificates on their way in and out. */
  out: 128 * 1024,
  outBytes: 128 * 1024,
  /** Socket addresses and options, pointers to pointers. */
  cell: 256 * 1024,
  cellBytes: 4096,
  /** Events of one turn. */
  events: 260 * 1024,
  eventsBytes: 8 * 1024,
  /** What is written in one turn, until its end. */
  turn: 268 * 1024,
  turnBytes: 256 * 1024,
  /** A message begins at a multiple of it. */
  turnStep: 64,
  bytes: 524 * 1024,
} as const

/** Where an address stands that is passed by reference; socket addresses use the 64 bytes before it. */
export const POINTER_CELL = ARENA.cell + 64
/** Where a name lies that OpenSSL copies. */
export const NAME_CELL = ARENA.cell + 128
export const NAME_BYTES = 2048

/**
 * The one block of memory that C code reads and writes. It is allocated outside of the JavaScript heap, never moves, and is referenced for as long as
 * the thread lives: an address in it stays good.
 */
export class Arena {
  readonly buffer = new ArrayBuffer(ARENA.bytes)
  readonly bytes = new Uint8Array(this.buffer)
  readonly view = new DataView(this.buffer)
  readonly #lent: (Uint8Array | undefined)[] = Array.from({ length: LENT_VIEWS }, () => undefined)

  /** A range to lend. Views of ranges that come again and again are made once. */
  lend(offset: number, length: number): Uint8Array {
    const slot = (length + (offset >>> 8)) % LENT_VIEWS
    const known = this.#lent[slot]
    if (known !== undefined && known.length === length && known.byteOffset === offset) return known
    return (this.#lent[slot] = this.bytes.subarray(offset, offset + length))
  }
}

const LENT_VIEWS = 512

/** Whether bytes lie in the arena, so that C code may be told where instead of being given a copy. */
export function offsetIn(arena: Arena, bytes: Uint8Array): number {
  return bytes.buffer === arena.buffer ? bytes.byteOffset : -1
}

/** A range that would leave the arena is a mistake of this package, told before C code could see it. */
export function assertWithin(offset: number, length: number): void {
  if (!(offset >= 0 && length >= 0 && offset + length <= ARENA.bytes)) throw new RangeError(`${offset}+${length} lies outside of the arena`)
}
