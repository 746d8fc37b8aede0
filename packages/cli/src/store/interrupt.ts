import { CommandFailure, EXIT } from '../output/exit-code.ts'

/** Runs a change that Ctrl-C stops where that can be told; a second Ctrl-C ends the program as ever. */
export async function interruptible<Result>(change: (interrupt: AbortSignal) => Promise<Result>): Promise<Result> {
  const stop = new AbortController()
  const onInterrupt = (): void => stop.abort()
  process.once('SIGINT', onInterrupt)
  try {
    return await change(stop.signal)
  } finally {
    process.off('SIGINT', onInterrupt)
  }
}

/** Fails when Ctrl-C has come; to be asked before anything is written. */
export function refuseInterrupted(interrupt: AbortSignal | undefined): void {
  if (interrupt?.aborted === true) throw new CommandFailure(EXIT.interrupted, 'Interrupted. Nothing is changed.')
}

/** The result of what is read before anything is written; standard input is not waited for after Ctrl-C. */
export async function readUntil<Result>(interrupt: AbortSignal, reading: Promise<Result>): Promise<Result> {
  const end = (): void => void process.stdin.destroy()
  interrupt.addEventListener('abort', end, { once: true })
  const [read] = await Promise.allSettled([reading])
  interrupt.removeEventListener('abort', end)
  refuseInterrupted(interrupt)
  if (read.status === 'rejected') throw read.reason
  return read.value
}
