import type { Library, Native } from './library.ts'

/** Watches one file descriptor in Node's own event loop (`uv_poll`), so that timers, promises and everything else of Node live on beside it. */
export class LoopPoll {
  /** The handle of libuv: it may neither move nor go before it is closed. */
  readonly #memory: ArrayBuffer
  readonly #handle: bigint
  readonly #ref: Native
  readonly #unref: Native
  readonly #close: Native

  /** `turn` runs whenever the descriptor is readable; it must not throw. */
  constructor(library: Library, fd: number, turn: () => void) {
    this.#memory = new ArrayBuffer(library.number('uv_handle_size', 2)(POLL_HANDLE, 0n))
    this.#handle = library.addressOf(this.#memory)
    this.#ref = library.number('uv_ref', 2)
    this.#unref = library.number('uv_unref', 2)
    this.#close = library.number('uv_close', 2)
    const callback = library.callback(['pointer', 'i32', 'i32'], 'void', turn)
    const init = library.number('uv_poll_init', 3)(library.eventLoop(), this.#handle, BigInt(fd))
    if (init !== 0) throw new Error(`uv_poll_init failed: ${init}`)
    const start = library.number('uv_poll_start', 3)(this.#handle, READABLE, callback)
    if (start !== 0) throw new Error(`uv_poll_start failed: ${start}`)
    this.hold(false)
    POLLS.add(this)
  }

  /** The thread ends: its loop may not with a handle open. Node's own end of a worker waits for it. */
  close(): void {
    this.#close(this.#handle, 0n)
  }

  /** Whether the process stays alive for it. */
  hold(on: boolean): void {
    if (on) this.#ref(this.#handle, 0n)
    else this.#unref(this.#handle, 0n)
  }
}

/** libuv keeps the addresses of their memory for as long as the process lives. */
const POLLS = new Set<LoopPoll>()

/** `UV_POLL` of `uv_handle_type`. */
const POLL_HANDLE = 8n
/** `UV_READABLE`. */
const READABLE = 1n
