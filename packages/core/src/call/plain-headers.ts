/** Headers as plain values; names are lower-case. */
export class PlainHeaders {
  readonly #headers = new Map<string, string[]>()

  constructor(headers: Iterable<readonly [name: string, value: string]> = []) {
    for (const [name, value] of headers) this.add(name.toLowerCase(), value)
  }

  /** All headers in order of first appearance, repeated ones one by one. */
  *entries(): IterableIterator<readonly [name: string, value: string]> {
    for (const [name, values] of this.#headers) for (const value of values) yield [name, value]
  }

  /** Repeated ones as one value (RFC 9110 section 5.3; cookies by RFC 9113 section 8.2.3). */
  header(name: string): string | undefined {
    const values = this.#headers.get(name)
    return values === undefined || values.length < 2 ? values?.[0] : values.join(name === 'cookie' ? '; ' : ',')
  }

  values(name: string): readonly string[] {
    return this.#headers.get(name) ?? []
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

  removePrefix(prefix: string): void {
    for (const name of this.#headers.keys()) if (name.startsWith(prefix)) this.#headers.delete(name)
  }
}
