import type { ChildState } from './children.ts'
import { untilSynced } from './fleet/synced.ts'
import { lastWords } from './last-words.ts'
import { COMEBACK_TIMEOUT_MS } from './limits.ts'
import type { Supervisor } from './supervisor.ts'

/** Tells of a process that ended by itself, with what it said at last, and when it comes back. */
export class News {
  readonly #say: (line: string) => void
  readonly #supervisor: Supervisor
  readonly #awaited = new Set<string>()

  constructor(supervisor: Supervisor, say: (line: string) => void) {
    this.#supervisor = supervisor
    this.#say = say
  }

  ended(process: string, { lastEnd, log }: ChildState, againMs: number): void {
    const words = KILLED.test(lastEnd ?? '') ? undefined : lastWords(log)
    this.#say(`${process} ${lastEnd}${words === undefined ? '' : `: ${words}`}; again in ${againMs / 1000} s (${log})`)
    if (this.#awaited.has(process)) return
    this.#awaited.add(process)
    const sinceMs = performance.now()
    void this.#comeback(process).then((told) => {
      this.#awaited.delete(process)
      if (told !== undefined) this.#say(`${process} restarted after ${((performance.now() - sinceMs) / 1000).toFixed(1)} s${told}`)
    })
  }

  /** What to add once it is back; undefined when it does not come back. */
  async #comeback(process: string): Promise<string | undefined> {
    const signal = AbortSignal.timeout(COMEBACK_TIMEOUT_MS)
    if (!(await this.#supervisor.untilBack(process, signal))) return undefined
    if (process !== 'pilot') return ''
    const { count, late, snapshot } = await untilSynced({ ...this.#supervisor.synced, signal })
    return late.length === 0 ? `, ${count}/${count} proxies on ${snapshot}` : `, but ${late.join(', ')} not in sync`
  }
}

/** Somebody else ended it: what it said before does not matter. */
const KILLED = /by SIG(KILL|TERM|INT|HUP)$/
