import type { MutableHead } from './call.ts'

export interface PlainHeadInit {
  readonly method: string
  readonly scheme: string
  readonly authority: string
  /** With query string. */
  readonly path: string
  readonly headers?: Iterable<readonly [name: string, value: string]>
}

/** A request head over plain values, for hosts that have no bytes. */
export class PlainHead implements MutableHead {
  readonly method: string
  readonly scheme: string
  #authority: string
  #path: string
  readonly #headers: Map<string, string[]>

  constructor(init: PlainHeadInit) {
    this.method = init.method
    this.scheme = init.scheme
    this.#authority = normaliseAuthority(init.authority)
    this.#path = init.path
    this.#headers = new Map()
    for (const [name, value] of init.headers ?? []) this.add(name.toLowerCase(), value)
  }

  get authority(): string {
    return this.#authority
  }

  get path(): string {
    return this.#path
  }

  /** All headers in order of first appearance, repeated ones one by one. */
  *entries(): IterableIterator<readonly [name: string, value: string]> {
    for (const [name, values] of this.#headers) for (const value of values) yield [name, value]
  }

  header(name: string): string | undefined {
    const values = this.#headers.get(name)
    return values === undefined || values.length < 2 ? values?.[0] : values.join(name === 'cookie' ? '; ' : ',')
  }

  values(name: string): readonly string[] {
    return this.#headers.get(name) ?? []
  }

  setPath(path: string): void {
    this.#path = path
  }

  setAuthority(authority: string): void {
    this.#authority = authority
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

/** Lower-case, without user info and without the trailing dot of the root. */
export function normaliseAuthority(authority: string): string {
  const host = authority.slice(authority.lastIndexOf('@') + 1).toLowerCase()
  return host.replace(/\.(?=:\d+$|$)/, '')
}
