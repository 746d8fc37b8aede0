import { PUSH_BATCH } from '../limits.ts'

export interface PushQueue<T> {
  /** Something already waiting is not added twice. */
  add(item: T): void
  close(): void
}

/** Works items off a batch per turn of the event loop, so that requests are answered in between. */
export function createPushQueue<T>(work: (item: T) => void): PushQueue<T> {
  const waiting = new Set<T>()
  let turn: NodeJS.Immediate | undefined
  const run = () => {
    turn = undefined
    for (const item of [...waiting].slice(0, PUSH_BATCH)) {
      waiting.delete(item)
      work(item)
    }
    if (waiting.size > 0) turn = setImmediate(run)
  }
  return {
    add: (item) => {
      waiting.add(item)
      turn ??= setImmediate(run)
    },
    close: () => {
      waiting.clear()
      if (turn !== undefined) clearImmediate(turn)
      turn = undefined
    },
  }
}
