import * as dns from 'node:dns'
import { isIP } from 'node:net'
import { IO_LIMITS } from '../limits.ts'
import type { NameWatch, ResolveOptions, Resolver } from '../port/dns.ts'
import type { Timer, Timers } from '../port/timers.ts'
import { guarded, type OnFault } from './faults.ts'

/** The addresses of a name, and how long they hold. */
export interface Answer {
  readonly addresses: readonly string[]
  readonly ttlMs: number
}

/** Asks once; rejects when there is no answer. */
export type Ask = (name: string) => Promise<Answer>

/** Names by node:dns: the name servers' answers with their TTL, else what the machine knows (its hosts file). */
export class SystemResolver implements Resolver {
  readonly #timers: Timers
  readonly #onFault: OnFault
  readonly #ask: Ask

  constructor(timers: Timers, onFault: OnFault, ask: Ask = askMachine) {
    this.#timers = timers
    this.#onFault = onFault
    this.#ask = ask
  }

  watch(name: string, options: ResolveOptions): NameWatch {
    return new Watch({ timers: this.#timers, onFault: this.#onFault, ask: this.#ask, name, options })
  }
}

interface WatchParts {
  readonly timers: Timers
  readonly onFault: OnFault
  readonly ask: Ask
  readonly name: string
  readonly options: ResolveOptions
}

class Watch implements NameWatch {
  addresses: readonly string[] | undefined
  readonly #parts: WatchParts
  #timer: Timer | undefined
  #stopped = false

  constructor(parts: WatchParts) {
    this.#parts = parts
    this.#refresh()
  }

  stop(): void {
    this.#stopped = true
    this.#timer?.cancel()
  }

  #refresh(): void {
    const { ask, name, options } = this.#parts
    ask(name).then(
      ({ addresses, ttlMs }) => {
        this.#again(Math.max(options.minRefreshMs, Math.min(ttlMs, IO_LIMITS.maxTtlMs)))
        this.#learn(addresses)
      },
      (error: unknown) => {
        this.#again(Math.max(options.minRefreshMs, IO_LIMITS.dnsRetryMs))
        this.#tell(() => options.onError?.(`${name} cannot be resolved: ${reasonOf(error)}.`))
      },
    )
  }

  #learn(found: readonly string[]): void {
    const addresses = [...new Set(found)].toSorted().slice(0, IO_LIMITS.addressesPerName)
    if (this.#stopped || (this.addresses !== undefined && addresses.join() === this.addresses.join())) return
    this.addresses = addresses
    this.#tell(() => this.#parts.options.onChange(addresses))
  }

  #again(ms: number): void {
    if (!this.#stopped) this.#timer = this.#parts.timers.arm(ms, () => this.#refresh())
  }

  #tell(run: () => void): void {
    if (!this.#stopped) guarded(this.#parts.onFault, run)
  }
}

async function askMachine(name: string): Promise<Answer> {
  if (isIP(name) !== 0) return { addresses: [name], ttlMs: IO_LIMITS.maxTtlMs }
  const servers = new dns.promises.Resolver({ timeout: IO_LIMITS.dnsTimeoutMs, tries: IO_LIMITS.dnsTries })
  const answers = await Promise.allSettled([servers.resolve4(name, { ttl: true }), servers.resolve6(name, { ttl: true })])
  const records = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []))
  if (records.length > 0)
    return { addresses: records.map(({ address }) => address), ttlMs: Math.min(...records.map(({ ttl }) => ttl)) * 1000 }
  const known = await dns.promises.lookup(name, { all: true })
  return { addresses: known.map(({ address }) => address), ttlMs: 0 }
}

function reasonOf(error: unknown): string {
  return (error as { code?: string }).code ?? String(error)
}
