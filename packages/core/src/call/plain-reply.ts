import type { MutableReplyHead } from './call.ts'

/** A reply head over plain values, for hosts that have no bytes. */
export class PlainReply implements MutableReplyHead {
  readonly status: number
  readonly #headers = new Map<string, string[]>()

  constructor(status: number, headers: Iterable<readonly [name: string, value: string]> = []) {
    this.status = status
    for (const [name, value] of headers) this.add(name.toLowerCase(), value)
  }

  /** All headers in order of first appearance, repeated ones one by one. */
  *entries(): IterableIterator<readonly [name: string, value: string]> {
    for (const [name, values] of this.#headers) for (const value of values) yield [name, value]
  }

  header(name: string): string | undefined {
    return this.#headers.get(name)?.join(',')
  }

  set(name: string, value: string): void {
    this.#headers.set(name, [value])
  }

  add(name: string, value: string): void {
    const values = this.#headers.get(name)
    if (values === undefined) this.#headers.set(name, [value])
    else values.push(value)
  }

  remove(name: string): void {
    this.#headers.delete(name)
  }
}
