/** By what means C functions are called: of Node itself, or the npm package. */
export type Binding = 'node:ffi' | 'koffi'

/** A function of C: every argument is an address or a number, as BigInt. */
export type Native = (...args: readonly bigint[]) => number
/** The same, where what is answered is an address; 0 is the null pointer. */
export type NativePointer = (...args: readonly bigint[]) => bigint

/**
 * The symbols of the process itself: libc, and libuv and OpenSSL inside the node binary.
 *
 * Rules for everybody in this folder, and nobody outside of it knows an address:
 * 1. An address is either in the arena, or an opaque object of OpenSSL or libuv that one class owns and frees once.
 * 2. Lengths are checked against the arena before a call (`assertWithin`).
 * 3. Two or more arguments that are all `pointer`, and an answer `i32` or `pointer`, make V8 call C directly with `node:ffi`; what may call back into
 *    JavaScript must not be called so, hence takes one argument or an integer type.
 * 4. A callback never throws, and never outlives what it is registered for.
 * 5. After `close` a file descriptor is nobody's: who closes forgets it first.
 * 6. Which binding it is, its own file alone knows (`node-ffi.ts`, `koffi.ts`).
 */
export interface Library {
  readonly binding: Binding
  /** Throws where there is no such symbol. */
  number(name: string, args: number): Native
  pointer(name: string, args: number): NativePointer
  /** Address of a function for C to call, good for as long as the process lives. */
  callback(args: readonly ('pointer' | 'i32' | 'u32')[], returns: 'void' | 'i32', run: (...args: never[]) => number | void): bigint
  /** Where memory of JavaScript lies; who asks keeps it referenced for as long as the address is used. */
  addressOf(memory: ArrayBuffer): bigint
  /** Memory of C as it is, without a copy. */
  window(address: bigint, bytes: number): ArrayBuffer
  copy(address: bigint, bytes: number): Uint8Array
  /** Text that ends with a zero byte; undefined at the null pointer. */
  text(address: bigint): string | undefined
  setPointer(address: bigint, value: bigint): void
  setByte(address: bigint, value: number): void
  /** The `uv_loop_t` of this thread. */
  eventLoop(): bigint
}
