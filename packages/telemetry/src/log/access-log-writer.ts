import { write as writeFd } from 'node:fs'
import { LIMITS } from '../limits.ts'

/** Writes lines to a file descriptor in batches; never throws, never waits for a reader longer than its bound of bytes. */
export interface AccessLogWriter {
  /** Takes a line, or `lines` of them in one text. */
  write(text: string, lines?: number): void
  /** Lines lost: the reader was too slow, or is gone. */
  readonly dropped: number
  /** Writes what is left, as far as the descriptor takes it. */
  close(): Promise<void>
}

/** A writer to `fd` (1 is stdout), which stays open. */
export function createAccessLogWriter(fd: number): AccessLogWriter {
  return new FdWriter(fd)
}

class FdWriter implements AccessLogWriter {
  readonly #fd: number
  #texts: string[] = []
  #lines = 0
  #characters = 0
  #batchLines = 0
  #written = 0
  #busy = false
  #broken = false
  #timer: NodeJS.Timeout | undefined
  #idle: (() => void)[] = []
  dropped = 0

  constructor(fd: number) {
    this.#fd = fd
  }

  write(text: string, lines = 1): void {
    if (this.#broken || this.#characters + text.length > LIMITS.logPendingBytes) {
      this.dropped += lines
      return
    }
    this.#texts.push(text)
    this.#lines += lines
    this.#characters += text.length
    if (this.#characters >= LIMITS.logBatchBytes) this.#flush()
    else this.#timer ??= setTimeout(() => this.#flush(), LIMITS.logFlushMs).unref()
  }

  async close(): Promise<void> {
    this.#flush()
    if (!this.#busy) return
    await new Promise<void>((resolve) => {
      this.#idle.push(resolve)
      setTimeout(() => this.#giveUp(), LIMITS.logFlushMs * 4).unref()
    })
  }

  #flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#busy || this.#texts.length === 0) return
    const batch = Buffer.from(this.#texts.join(''))
    this.#batchLines = this.#lines
    this.#texts = []
    this.#lines = 0
    this.#characters = 0
    this.#written = 0
    this.#busy = true
    this.#send(batch)
  }

  #send(batch: Buffer): void {
    writeFd(this.#fd, batch, this.#written, batch.length - this.#written, null, (error, count) => {
      if (this.#broken) return
      if (error === null) this.#onWritten(batch, count)
      else if (error.code === 'EAGAIN' || error.code === 'EINTR') setTimeout(() => this.#send(batch), LIMITS.logRetryMs)
      else if (READER_GONE.has(error.code ?? '')) this.#giveUp()
      else this.#onLost()
    })
  }

  #onWritten(batch: Buffer, count: number): void {
    this.#written += count
    if (this.#written < batch.length) this.#send(batch)
    else this.#next()
  }

  /** This batch could not be written (a full disk, say); a later one may. */
  #onLost(): void {
    this.dropped += this.#batchLines
    this.#next()
  }

  #next(): void {
    this.#busy = false
    if (this.#texts.length === 0) this.#settle()
    else if (this.#idle.length > 0 || this.#characters >= LIMITS.logBatchBytes) this.#flush()
    else this.#timer ??= setTimeout(() => this.#flush(), LIMITS.logFlushMs).unref()
  }

  /** The reader is gone for good, or slower than we can wait. */
  #giveUp(): void {
    if (this.#broken || !this.#busy) return
    this.#broken = true
    this.#busy = false
    this.dropped += this.#batchLines + this.#lines
    this.#texts = []
    this.#lines = 0
    this.#characters = 0
    this.#settle()
  }

  #settle(): void {
    for (const resolve of this.#idle.splice(0)) resolve()
  }
}

const READER_GONE: ReadonlySet<string> = new Set(['EPIPE', 'ECONNRESET', 'EBADF', 'ENOTCONN'])
