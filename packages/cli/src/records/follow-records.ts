import type { RunFile, RunningWorkload } from '../up/run-file.ts'
import { askRecords } from './ask-records.ts'
import { MAX_PAGES } from './limits.ts'
import { endMs, type RecordPage, type Seen } from './seen-record.ts'

/** What came since the last time. */
export interface Fresh {
  /** In the order in which they ended. */
  readonly seen: readonly Seen[]
  readonly gaps: readonly Gap[]
  /** Proxies that stopped answering just now, each once. */
  readonly silent: readonly { readonly at: RunningWorkload; readonly why: string }[]
}

/** What a proxy forgot before it could be asked for it; all that ended since `sinceMs` (Unix) is there again. */
export interface Gap {
  readonly at: RunningWorkload
  readonly calls: number
  readonly sinceMs: number
}

/**
 * Follows what all proxies remember by their numbers: none is told twice, and what is missed is counted.
 * A proxy that is new, or was started again, is followed from its first call.
 */
export class RecordFollower {
  readonly #places = new Map<string, Place>()
  readonly #sinceMs: number
  readonly #past: number

  /** What ended before `sinceMs` (Unix) is known, but for the `past` last calls of each proxy. */
  constructor({ sinceMs, past }: { readonly sinceMs: number; readonly past: number }) {
    this.#sinceMs = sinceMs
    this.#past = past
  }

  /** What has come since the last time. */
  async next({ workloads }: RunFile): Promise<Fresh> {
    const rounds = await Promise.all(workloads.filter(({ proxy }) => proxy !== null).map((at) => this.#round(at)))
    const seen = rounds.flatMap((round) => round.seen).toSorted((a, b) => endMs(a.record) - endMs(b.record))
    return { seen, gaps: rounds.flatMap(({ gaps }) => gaps), silent: rounds.flatMap(({ silent }) => silent) }
  }

  async #round(at: RunningWorkload): Promise<Fresh> {
    const key = `${at.namespace}/${at.name}`
    const place = this.#places.get(key) ?? { startedMs: undefined, after: 0, silent: false }
    this.#places.set(key, place)
    const seen: Seen[] = []
    const gaps: Gap[] = []
    try {
      await this.#read(at, place, ({ first, records }) => {
        const calls = first - place.after - 1
        const [oldest] = records
        if (calls > 0 && oldest !== undefined) gaps.push({ at, calls, sinceMs: endMs(oldest) })
        seen.push(...records.map((record) => ({ at, record })))
      })
      place.silent = false
      return { seen, gaps, silent: [] }
    } catch (error) {
      const news = place.silent ? [] : [{ at, why: error instanceof Error ? error.message : String(error) }]
      place.silent = true
      return { seen, gaps, silent: news }
    }
  }

  async #read(at: RunningWorkload, place: Place, take: (page: RecordPage) => void): Promise<void> {
    for (let pages = 0; pages < MAX_PAGES; pages++) {
      const page = await askRecords(at, { after: place.after })
      if (this.#isAnotherLife(page, place)) continue
      take(page)
      place.after = page.records.at(-1)?.seq ?? page.next - 1
      if (place.after >= page.next - 1) return
    }
  }

  /** Numbers begin anew with each start of a proxy; then it is asked again from where they are to be followed. */
  #isAnotherLife({ startedMs, next, first }: RecordPage, place: Place): boolean {
    const known = place.startedMs
    if (known === startedMs) return false
    const isOld = known === undefined && startedMs < this.#sinceMs
    place.startedMs = startedMs
    place.after = isOld ? Math.max(first, next - this.#past) - 1 : 0
    return true
  }
}

interface Place {
  /** Which life of the proxy its numbers belong to. */
  startedMs: number | undefined
  /** The last number that was told. */
  after: number
  silent: boolean
}
