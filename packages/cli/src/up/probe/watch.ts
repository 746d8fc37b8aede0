import type { Probe } from './probe.ts'

export interface ProbeWatch {
  /** Why the last check did not pass; undefined when it did, and before the first. */
  readonly failure: string | undefined
  /** Ends the watch; nothing is told any more. */
  stop(): void
}

export interface ProbeWatchOptions {
  readonly probe: Probe
  /** Asks once; answers why it does not pass. */
  readonly check: () => Promise<string | undefined>
  /** Told when the application begins to pass (undefined), and when it does not pass any more, with the reason. */
  readonly onChange: (failure: string | undefined) => void
  /** Pause between checks until it passes for the first time, if the probe's own is longer. */
  readonly startPeriodMs: number
}

/** Asks an application again and again; as many checks in a row as a threshold says make a change. At first it does not pass. */
export function watchProbe({ probe, check, onChange, startPeriodMs }: ProbeWatchOptions): ProbeWatch {
  let periodMs = Math.min(startPeriodMs, probe.periodSeconds * 1000)
  let passing = false
  let against = 0
  let failure: string | undefined
  let stopped = false
  let timer: NodeJS.Timeout
  const look = async (): Promise<void> => {
    failure = await answerOf(check)
    if (stopped) return
    const passes = failure === undefined
    against = passes === passing ? 0 : against + 1
    if (against >= (passes ? probe.successThreshold : probe.failureThreshold)) {
      passing = passes
      against = 0
      periodMs = probe.periodSeconds * 1000
      onChange(failure)
    }
    again(periodMs)
  }
  const again = (afterMs: number): void => {
    if (!stopped) timer = setTimeout(() => void look(), afterMs).unref()
  }
  again(probe.initialDelaySeconds * 1000)
  return {
    get failure() {
      return failure
    },
    stop: () => {
      stopped = true
      clearTimeout(timer)
    },
  }
}

/** A check that fails unexpectedly has not passed; the watch goes on. */
async function answerOf(check: ProbeWatchOptions['check']): Promise<string | undefined> {
  try {
    return await check()
  } catch (error) {
    return `the probe failed: ${error instanceof Error ? error.message : String(error)}`
  }
}
