/** Runs once after a burst of calls. */
export interface Coalesced {
  /** Something changed. */
  poke(): void
  /** Nothing runs any more once it resolves. */
  close(): Promise<void>
}

export interface CoalesceOptions {
  /** A burst is over when nothing came for so long. */
  readonly quietMs: number
  /** But it waits no longer than this. */
  readonly maxMs: number
  /** Never runs twice at once; must not reject. */
  readonly run: () => Promise<void>
}

/** Lets a burst of changes settle before it runs; changes during a run lead to another one. */
export function coalesce({ quietMs, maxMs, run }: CoalesceOptions): Coalesced {
  let timer: NodeJS.Timeout | undefined
  let firstAt: number | undefined
  let running: Promise<void> | undefined
  let closed = false

  const poke = (): void => {
    if (closed) return
    const now = performance.now()
    firstAt ??= now
    if (running !== undefined) return
    clearTimeout(timer)
    timer = setTimeout(start, Math.max(0, Math.min(quietMs, firstAt + maxMs - now)))
  }
  const start = (): void => {
    timer = undefined
    firstAt = undefined
    running = run().finally(() => {
      running = undefined
      if (firstAt !== undefined) poke()
    })
  }
  return {
    poke,
    close: async () => {
      closed = true
      clearTimeout(timer)
      await running
    },
  }
}
