import { createRequire } from 'node:module'
import type * as koffi from 'koffi'
import type { Library, Native, NativePointer } from './library.ts'

type Koffi = typeof koffi

/**
 * By the npm package, which calls C on a stack of its own, and callbacks on the one of this thread. Arguments are 64-bit integers, addresses too: what C
 * takes for less reads the lower half.
 */
class KoffiLibrary implements Library {
  readonly binding = 'koffi'
  readonly #koffi: Koffi
  readonly #library: koffi.LibraryHandle

  constructor(loaded: Koffi) {
    this.#koffi = loaded
    this.#library = loaded.load(null)
  }

  number(name: string, args: number): Native {
    return this.#library.func(name, 'int32_t', integers(args))
  }

  pointer(name: string, args: number): NativePointer {
    const call = this.#library.func(name, 'void *', integers(args)) as (...values: readonly bigint[]) => bigint | null
    return (...values) => call(...values) ?? 0n
  }

  callback(...[args, returns, run]: Parameters<Library['callback']>): bigint {
    const proto = this.#koffi.proto(
      RETURNS[returns],
      args.map((type) => ARGUMENTS[type]),
    )
    const call = run as (...values: unknown[]) => number | void
    return this.#koffi.register((...values: unknown[]) => call(...values.map(orNull)), this.#koffi.pointer(proto))
  }

  addressOf(memory: ArrayBuffer): bigint {
    return this.#koffi.address(memory)
  }

  window(address: bigint, bytes: number): ArrayBuffer {
    return this.#koffi.view(address, bytes)
  }

  copy(address: bigint, bytes: number): Uint8Array {
    return this.#koffi.decode(address, 'uint8_t', bytes) as Uint8Array
  }

  text(address: bigint): string | undefined {
    return address === 0n ? undefined : this.#koffi.decode.string(address)
  }

  setPointer(address: bigint, value: bigint): void {
    this.#koffi.encode(address, 'uint64_t', value)
  }

  setByte(address: bigint, value: number): void {
    this.#koffi.encode(address, 'uint8_t', value)
  }

  eventLoop(): bigint {
    const loop = new BigUint64Array(1)
    const status = this.number('napi_get_uv_event_loop', 2)(this.#koffi.node.env as unknown as bigint, this.addressOf(loop.buffer))
    if (status !== 0) throw new Error(`napi_get_uv_event_loop failed: ${status}`)
    return loop[0] ?? 0n
  }
}

function integers(count: number): 'uint64_t'[] {
  return Array.from({ length: count }, () => 'uint64_t' as const)
}

function orNull(value: unknown): unknown {
  return value === null ? 0n : value
}

const ARGUMENTS = { pointer: 'void *', i32: 'int32_t', u32: 'uint32_t' } as const
const RETURNS = { void: 'void', i32: 'int32_t' } as const

/** Throws where the package is not installed, or has no binary for this machine. */
export function loadKoffi(): Library {
  return new KoffiLibrary(createRequire(import.meta.url)('koffi') as Koffi)
}
