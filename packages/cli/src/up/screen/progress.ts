import type { Plan } from '../plan.ts'
import { PROGRESS_MS } from '../limits.ts'

export interface ProgressOptions {
  readonly plan: Plan
  readonly show: (status: string | undefined) => void
  /** How long the start has taken by now. */
  readonly elapsedMs: () => number
  /** What was done before: `install 38 s`. */
  readonly before: readonly string[]
}

/** How far the start of a mesh is, told as it goes on: `ca ok · pilot ... · 0/10 proxies · 7/10 apps (0:02)`. */
export class Progress {
  readonly #options: ProgressOptions
  readonly #ready = new Set<string>()
  readonly #timer: NodeJS.Timeout

  constructor(options: ProgressOptions) {
    this.#options = options
    this.#timer = setInterval(() => this.#show(), PROGRESS_MS).unref()
    this.#show()
  }

  /** A process is ready: `pilot`, `reviews-v1-0.app`, `reviews-v1-0.proxy`. */
  ready(process: string): void {
    this.#ready.add(process)
    this.#show()
  }

  /** Shows nothing more; answers the line that stays. */
  end(synced: number): string {
    clearInterval(this.#timer)
    this.#options.show(undefined)
    const { proxies } = this.#totals
    return this.#line([`${synced === proxies ? proxies : `${synced} of ${proxies}`} proxies synced`])
  }

  #show(): void {
    const { proxies, apps } = this.#totals
    this.#options.show(
      this.#line([`${this.#count('.proxy')}/${proxies} proxies`, ...(apps === 0 ? [] : [`${this.#count('.app')}/${apps} apps`])]),
    )
  }

  #line(rest: readonly string[]): string {
    const { plan, before, elapsedMs } = this.#options
    const planes = [...(plan.ca === null ? [] : ['ca']), 'pilot'].map((name) => `${name} ${this.#ready.has(name) ? 'ok' : '...'}`)
    return ` ${[...before, ...planes, ...rest].join(' · ')} (${clock(elapsedMs())})`
  }

  #count(kind: string): number {
    return [...this.#ready].filter((name) => name.endsWith(kind)).length
  }

  get #totals(): { readonly proxies: number; readonly apps: number } {
    const { workloads } = this.#options.plan
    const apps = workloads.filter(({ app }) => app !== null && app.command !== null)
    return { proxies: workloads.filter(({ proxy }) => proxy !== null).length, apps: apps.length }
  }
}

/** `0:52`. */
function clock(ms: number): string {
  const seconds = Math.round(ms / 1000)
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}
