/**
 * Does something again and again, with a pause between, until it answers false, Ctrl-C or SIGTERM comes,
 * or nobody reads what is written any more.
 */
export async function untilStopped(pauseMs: number, act: () => Promise<boolean>): Promise<void> {
  const stop = new AbortController()
  const end = (): void => stop.abort()
  const { signal } = stop
  for (const name of SIGNALS) process.once(name, end)
  process.stdout.on('error', end)
  try {
    while (!signal.aborted && (await act())) await pause(pauseMs, signal)
  } finally {
    for (const name of SIGNALS) process.off(name, end)
  }
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done, { once: true })
    function done(): void {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
  })
}
