import type * as ffi from 'node:ffi'
import type { Library, Native, NativePointer } from './library.ts'

type Ffi = typeof ffi

/** By Node's own module. */
class NodeFfi implements Library {
  readonly binding = 'node:ffi'
  readonly #ffi: Ffi
  readonly #library: ffi.DynamicLibrary

  constructor(loaded: Ffi) {
    this.#ffi = loaded
    // Types ask for a path; null is the process itself.
    this.#library = new loaded.DynamicLibrary(null as unknown as string)
  }

  number(name: string, args: number): Native {
    return this.#library.getFunction(name, { arguments: pointers(args), return: 'i32' }) as unknown as Native
  }

  pointer(name: string, args: number): NativePointer {
    return this.#library.getFunction(name, { arguments: pointers(args), return: 'pointer' }) as unknown as NativePointer
  }

  callback(...[args, returns, run]: Parameters<Library['callback']>): bigint {
    return this.#library.registerCallback({ arguments: [...args], return: returns }, run as never)
  }

  addressOf(memory: ArrayBuffer): bigint {
    return this.#ffi.getRawPointer(memory)
  }

  window(address: bigint, bytes: number): ArrayBuffer {
    return this.#ffi.toArrayBuffer(address, bytes, false)
  }

  copy(address: bigint, bytes: number): Uint8Array {
    return this.#ffi.toBuffer(address, bytes, true)
  }

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

/** Undefined where this Node has no such module. */
export function loadNodeFfi(): Library | undefined {
  const loaded = builtin()
  return loaded === undefined ? undefined : new NodeFfi(loaded)
}

/** Its warning that it is experimental is left out, for the choice of plug is told in a line of its own. */
function builtin(): Ffi | undefined {
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
