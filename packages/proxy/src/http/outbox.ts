import { Output } from '@mesh/wire'

/** Somebody whose message stands in the outbox and has not left yet. */
export interface Sender {
  /** Hands what was written to the connection. */
  send(written: Uint8Array): void
}

/** Larger bodies leave in pieces of their own instead of being copied behind their head. */
export const COPY_BYTES = 16 * 1024

const FIRST_BYTES = 32 * 1024
/** An area that one large message made larger than this is given back. */
const KEPT_BYTES = 1024 * 1024

/**
 * The one area in which messages are put together, so that head and body leave in one write.
 * Only one message stands in it at a time; whoever begins another one sends the first on its way.
 */
export class Outbox {
  #output = new Output(FIRST_BYTES)
  #sender: Sender | undefined

  /** The area, with what this sender has written so far. */
  for(sender: Sender): Output {
    if (this.#sender !== sender) {
      this.flush()
      this.#sender = sender
    }
    return this.#output
  }

  flush(): void {
    const sender = this.#sender
    if (sender === undefined) return
    const { written, bytes } = this.#output
    // Before anybody else gets a word in: what fails to leave must not stand in front of the next message.
    this.#sender = undefined
    if (bytes.length > KEPT_BYTES) this.#output = new Output(FIRST_BYTES)
    else this.#output.clear()
    sender.send(written)
  }

  /** The connection is gone: what was written for it is forgotten. */
  forget(sender: Sender): void {
    if (this.#sender !== sender) return
    this.#sender = undefined
    this.#output.clear()
  }
}

/** Shared by all connections of the process. */
export const OUTBOX = new Outbox()
