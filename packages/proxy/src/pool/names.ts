import type { Io, NameWatch, Timer } from '@mesh/io'
import type { Counters } from '../counters.ts'
import type { Limits } from '../limits.ts'

/** Upstream names: those of the view are kept resolved, those a caller asked for as long as they are used. */
export interface Names {
  /** Answers at once when the name is an address or known; undefined when it cannot be resolved in time. Returns the way to stop waiting. */
  lookup(name: string, onAddress: (address: string | undefined) => void): () => void
  /** The names of the view in force. */
  keep(names: ReadonlyMap<string, number>): void
  /** Forgets names that nobody asked for lately. */
  sweep(nowMs: number): void
  close(): void
}

export interface NamesOptions {
  readonly io: Io
  readonly limits: Limits
  readonly counters: Counters
}

interface Name {
  watch: NameWatch | undefined
  addresses: readonly string[]
  cursor: number
  /** The resolver's latest word was a failure, and there was never an address: asking again now gives nothing else. */
  failed: boolean
  kept: boolean
  usedMs: number
  readonly waiters: Set<(address: string | undefined) => void>
}

const NOTHING = (): void => undefined

/** A table over the resolver of `io`. */
export function createNames(options: NamesOptions): Names {
  return new NameTable(options)
}

class NameTable implements Names {
  readonly #options: NamesOptions
  readonly #names = new Map<string, Name>()

  constructor(options: NamesOptions) {
    this.#options = options
  }

  lookup(name: string, onAddress: (address: string | undefined) => void): () => void {
    if (isAddress(name)) {
      onAddress(name)
      return NOTHING
    }
    const entry = this.#names.get(name) ?? this.#ask(name)
    if (entry === undefined) {
      onAddress(undefined)
      return NOTHING
    }
    entry.usedMs = this.#options.io.timers.now()
    const address = next(entry)
    if (address === undefined && !entry.failed) return this.#wait(entry, onAddress)
    onAddress(address)
    return NOTHING
  }

  keep(names: ReadonlyMap<string, number>): void {
    for (const [name, entry] of this.#names) entry.kept = names.has(name)
    for (const [name, refreshMs] of names) {
      if (!isAddress(name) && !this.#names.has(name)) this.#watch(name, refreshMs).kept = true
    }
  }

  sweep(nowMs: number): void {
    for (const [name, entry] of this.#names) {
      if (!entry.kept && entry.waiters.size === 0 && nowMs - entry.usedMs > this.#options.limits.askedNameIdleMs) this.#forget(name, entry)
    }
  }

  close(): void {
    for (const [name, entry] of this.#names) this.#forget(name, entry)
  }

  #ask(name: string): Name | undefined {
    const { limits, counters } = this.#options
    if (this.#names.size >= limits.askedNames) {
      counters.namesOverflow++
      return undefined
    }
    return this.#watch(name, limits.dnsRefreshMs)
  }

  #watch(name: string, refreshMs: number): Name {
    const entry: Name = {
      watch: undefined,
      addresses: [],
      cursor: 0,
      failed: false,
      kept: false,
      usedMs: this.#options.io.timers.now(),
      waiters: new Set(),
    }
    this.#names.set(name, entry)
    entry.watch = this.#options.io.resolver.watch(name, {
      minRefreshMs: Math.max(refreshMs, 1),
      onChange: (addresses) => {
        entry.addresses = addresses
        entry.failed = addresses.length === 0
        answer(entry)
      },
      onError: () => {
        entry.failed = entry.addresses.length === 0
        answer(entry)
      },
    })
    return entry
  }

  #wait(entry: Name, onAddress: (address: string | undefined) => void): () => void {
    const stop = (): void => {
      timer.cancel()
      entry.waiters.delete(told)
    }
    const told = (address: string | undefined): void => {
      stop()
      onAddress(address)
    }
    const timer: Timer = this.#options.io.timers.arm(this.#options.limits.resolveMs, () => told(undefined))
    entry.waiters.add(told)
    return stop
  }

  #forget(name: string, entry: Name): void {
    this.#names.delete(name)
    entry.watch?.stop()
    entry.addresses = []
    answer(entry)
  }
}

/** IPv4 or IPv6 literal. */
export function isAddress(name: string): boolean {
  return name.includes(':') || /^\d{1,3}(\.\d{1,3}){3}$/.test(name)
}

function next(entry: Name): string | undefined {
  const { addresses } = entry
  if (addresses.length === 0) return undefined
  entry.cursor = (entry.cursor + 1) % addresses.length
  return addresses[entry.cursor]
}

function answer(entry: Name): void {
  for (const waiter of [...entry.waiters]) waiter(next(entry))
}
