const END = Buffer.from('\r\n\r\n')

/** Finds where a reply of known length ends; one reply at a time. */
export class ReplyReader {
  readonly #http: boolean
  readonly #bytes: number
  #head: Buffer = Buffer.alloc(0)
  #inHead: boolean
  #left: number
  /** The last whole reply had another status than 2xx. */
  refused = false

  /** `bytes` is the length of the body where the reply is HTTP. */
  constructor(http: boolean, bytes: number) {
    this.#http = http
    this.#bytes = bytes
    this.#inHead = http
    this.#left = bytes
  }

  /** Whether the reply is whole now. */
  take(chunk: Buffer): boolean {
    this.#left -= this.#inHead ? this.#bodyIn(chunk) : chunk.length
    if (this.#inHead || this.#left > 0) return false
    this.#inHead = this.#http
    this.#left = this.#bytes
    return true
  }

  #bodyIn(chunk: Buffer): number {
    const all = this.#head.length === 0 ? chunk : Buffer.concat([this.#head, chunk])
    const end = all.indexOf(END)
    this.#head = end === -1 ? Buffer.from(all) : Buffer.alloc(0)
    if (end === -1) return 0
    this.#inHead = false
    this.refused = !all.toString('latin1', 0, 12).startsWith('HTTP/1.1 2')
    return all.length - end - END.length
  }
}
