import type { MutableHead } from './call.ts'
import { PlainHeaders } from './plain-headers.ts'

export interface PlainHeadInit {
  readonly method: string
  readonly scheme: string
  readonly authority: string
  /** With query string. */
  readonly path: string
  readonly headers?: Iterable<readonly [name: string, value: string]>
}

/** A request head over plain values, for hosts that have no bytes. */
export class PlainHead extends PlainHeaders implements MutableHead {
  readonly method: string
  readonly scheme: string
  #authority: string
  #path: string

  constructor(init: PlainHeadInit) {
    super(init.headers)
    this.method = init.method
    this.scheme = init.scheme
    this.#authority = normaliseAuthority(init.authority)
    this.#path = init.path
  }

  get authority(): string {
    return this.#authority
  }

  get path(): string {
    return this.#path
  }

  setPath(path: string): void {
    this.#path = path
  }

  setAuthority(authority: string): void {
    this.#authority = authority
  }
}

/** Lower-case, without user info and without the trailing dot of the root. */
export function normaliseAuthority(authority: string): string {
  const host = authority.slice(authority.lastIndexOf('@') + 1).toLowerCase()
  return host.replace(/\.(?=:\d+$|$)/, '')
}
