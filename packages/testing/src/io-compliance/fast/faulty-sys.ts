import type { Sys } from '@mesh/io/fast'

/** The calls that can fail, by name. */
export const FALLIBLE = [
  'socket',
  'bind',
  'listen',
  'connect',
  'accept',
  'recv',
  'send',
  'shutdown',
  'setOption',
  'setLingerZero',
  'getOption',
  'localName',
  'watch',
  'wait',
  'openNull',
  'pipe',
  'setPipeSize',
  'splice',
  'read',
] as const satisfies readonly (keyof Sys)[]

export type Fallible = (typeof FALLIBLE)[number]

/** Lets one call fail: the `nth` of its name from when it is armed. */
export class Injection {
  #name: Fallible | undefined
  #left = 0
  #errno = 0
  happened = 0

  arm(name: Fallible, nth: number, errno: number): void {
    this.#name = name
    this.#left = nth
    this.#errno = errno
    this.happened = 0
  }

  disarm(): void {
    this.#name = undefined
  }

  /** The error that the call answers with, 0 when it goes through. */
  strikes(name: string): number {
    if (name !== this.#name || this.#left-- !== 1) return 0
    this.happened++
    return -this.#errno
  }
}

/** The system, whose calls fail where the injection says so; a call that fails does nothing. */
export function faultySys(sys: Sys, injection: Injection): Sys {
  return new Proxy(sys, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target)
      if (typeof value !== 'function') return value
      return (...args: unknown[]): unknown => injection.strikes(String(name)) || Reflect.apply(value, target, args)
    },
  })
}
