/** A moment that something waits for. */
export interface Alarm {
  cancel(): void
}

/** Hosts fire at once what is to come later than this. */
const MAX_MS = 2 ** 31 - 1

/** Calls back after a time; `background`: the process need not live for it. */
export function afterMs(ms: number, onTime: () => void, options: { readonly background?: boolean } = {}): Alarm {
  const timer: unknown = setTimeout(onTime, Math.min(Math.max(0, ms), MAX_MS))
  if (options.background === true) unref(timer)
  return { cancel: () => clearTimeout(timer as Parameters<typeof clearTimeout>[0]) }
}

/** Node's timers are objects that can be told so; browsers' are numbers. */
function unref(timer: unknown): void {
  if (typeof timer === 'object' && timer !== null && 'unref' in timer && typeof timer.unref === 'function') timer.unref()
}
