import type * as ffi from 'node:ffi'

/** A function of C: every argument is an address or a number, as BigInt. */
export type Native = (...args: readonly bigint[]) => number
/** The same, where what is answered is an address. */
export type NativePointer = (...args: readonly bigint[]) => bigint

type Ffi = typeof ffi

/**
 * The symbols of the process itself: libc, and libuv and OpenSSL inside the node binary.
 *
 * Rules for everybody in this folder, and nobody outside of it knows an address:
 * 1. An address is either in the arena, or an opaque object of OpenSSL or libuv that one class owns and frees once.
 * 2. Lengths are checked against the arena before a call (`assertWithin`).
 * 3. Two or more arguments that are all `pointer`, and an answer `i32` or `pointer`, make V8 call C directly; what may call back into JavaScript
 *    must not be called so, hence takes one argument or an integer type.
 * 4. A callback never throws, and never outlives what it is registered for.
 * 5. After `close` a file descriptor is nobody's: who closes forgets it first.
 */
export class Library {
  readonly #ffi: Ffi
  readonly #library: ffi.DynamicLibrary

  constructor(loaded: Ffi) {
    this.#ffi = loaded
    // Types ask for a path; null is the process itself.
    this.#library = new loaded.DynamicLibrary(null as unknown as string)
  }

  /** Throws where there is no such symbol. */
  number(name: string, args: number): Native {
    return this.#library.getFunction(name, { arguments: pointers(args), return: 'i32' }) as unknown as Native
  }

  pointer(name: string, args: number): NativePointer {
    return this.#library.getFunction(name, { arguments: pointers(args), return: 'pointer' }) as unknown as NativePointer
  }

  /** Address of a function of C, to hand to C. */
  symbol(name: string): bigint {
    return this.#library.getSymbol(name)
  }

  callback(args: readonly ('pointer' | 'i32' | 'u32')[], returns: 'void' | 'i32', run: (...args: never[]) => number | void): bigint {
    return this.#library.registerCallback({ arguments: [...args], return: returns }, run as never)
  }

  /** Where memory of JavaScript lies; who asks keeps it referenced for as long as the address is used. */
  addressOf(memory: ArrayBuffer): bigint {
    return this.#ffi.getRawPointer(memory)
  }

  /** Memory of C as it is, without a copy. */
  window(address: bigint, bytes: number): ArrayBuffer {
    return this.#ffi.toArrayBuffer(address, bytes, false)
  }

  copy(address: bigint, bytes: number): Uint8Array {
    return this.#ffi.toBuffer(address, bytes, true)
  }

  /** Text that ends with a zero byte; undefined at the null pointer. */
  text(address: bigint): string | undefined {
    return address === 0n ? undefined : (this.#ffi.toString(address) ?? undefined)
  }

  setPointer(address: bigint, value: bigint): void {
    this.#ffi.setUint64(address, 0, value)
  }

  setByte(address: bigint, value: number): void {
    this.#ffi.setUint8(address, 0, value)
  }

  eventLoop(): bigint {
    return this.#ffi.getCurrentEventLoop()
  }
}

function pointers(count: number): 'pointer'[] {
  return Array.from({ length: count }, () => 'pointer' as const)
}

/** Node's module, where this Node has it; its warning that it is experimental is left out, for the choice of plug is told in a line of its own. */
export function loadFfi(): Ffi | undefined {
  const { emitWarning } = process
  process.emitWarning = (() => {}) as typeof process.emitWarning
  try {
    return process.getBuiltinModule('node:ffi') as Ffi | undefined
  } catch {
    return undefined
  } finally {
    process.emitWarning = emitWarning
  }
}
