import { BroadcastChannel } from 'node:worker_threads'
import type { Bell } from './shared-counts.ts'

/** Rings for the other workers of this process. */
export interface BellRope extends Bell {
  /** A worker is no more: what it had is free, of any cluster. */
  tellAll(): void
  close(): void
}

export interface BellOptions {
  readonly name: string
  /** `slot` undefined: any cluster may be meant. */
  readonly onRing?: (word: 'ask' | 'tell', slot: number | undefined) => void
}

type Ring = readonly [word: 'ask' | 'tell', slot: number]

/** Stands for all slots. */
const ALL = -1

/** Takes hold of the channel of that name; it keeps no thread alive. */
export function openBell({ name, onRing }: BellOptions): BellRope {
  const channel = new BroadcastChannel(name)
  channel.unref()
  if (onRing !== undefined)
    channel.onmessage = (event) => {
      const [word, slot] = (event as { readonly data: Ring }).data
      onRing(word, slot === ALL ? undefined : slot)
    }
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origin
  const ring = (...message: Ring): void => channel.postMessage(message)
  return {
    ask: (slot) => ring('ask', slot),
    tell: (slot) => ring('tell', slot),
    tellAll: () => ring('tell', ALL),
    close: () => channel.close(),
  }
}
