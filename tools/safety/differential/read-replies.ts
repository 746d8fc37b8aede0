/** A reply as a caller reads it. */
export interface Reply {
  readonly status: number
  readonly body: string
}

/** Reads replies off a connection; interim ones are passed over. */
export class ReplyReader {
  #text = ''

  push(piece: Buffer): readonly Reply[] {
    this.#text += piece.toString('latin1')
    const all: Reply[] = []
    for (;;) {
      const read = readOne(this.#text)
      if (read === undefined) return all
      this.#text = this.#text.slice(read.size)
      if (read.reply.status >= 200) all.push(read.reply)
    }
  }

  /** At the end of the connection: what had no length. */
  end(): readonly Reply[] {
    const status = statusOf(this.#text)
    return status === undefined || status < 200 ? [] : [{ status, body: this.#text.slice(this.#text.indexOf('\r\n\r\n') + 4) }]
  }

  /** Nothing of another reply was read. */
  get empty(): boolean {
    return this.#text === ''
  }
}

function statusOf(text: string): number | undefined {
  const [, status] = /^HTTP\/1\.[01] (\d{3})/.exec(text) ?? []
  return status === undefined ? undefined : Number(status)
}

function readOne(text: string): { readonly reply: Reply; readonly size: number } | undefined {
  const end = text.indexOf('\r\n\r\n')
  const status = statusOf(text)
  if (end < 0 || status === undefined) return undefined
  const head = text.slice(0, end).toLowerCase()
  const from = end + 4
  const done = (size: number) => ({ reply: { status, body: text.slice(from, size) }, size })
  if (status < 200 || status === 204 || status === 304) return done(from)
  const length = /\r\ncontent-length: *(\d+)/.exec(head)?.[1]
  if (length !== undefined) return text.length < from + Number(length) ? undefined : done(from + Number(length))
  if (!/\r\ntransfer-encoding: *chunked/.test(head)) return undefined
  const last = text.indexOf('0\r\n\r\n', from)
  return last < 0 ? undefined : done(last + 5)
}
