import { memoryUsage } from 'node:process'
import { getHeapStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** What is measured of a process's memory, as often as it is looked at. */
export interface MemoryMeter {
  /** Resident bytes of the process, all threads. */
  residentBytes(): number
  /** How much of what its engine lets it have the heap of this thread takes, 0 to 1. */
  heapShare(): number
  /** Frees what nobody needs any more; the thread stands still meanwhile. */
  collect(): void
}

/** This process, and the heap of the thread that asks. */
export const OWN_MEMORY: MemoryMeter = {
  residentBytes: () => memoryUsage.rss(),
  heapShare() {
    const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics()
    return used / limit
  },
  collect() {
    collector ??= openCollector()
    collector()
  },
}

let collector: (() => void) | undefined

/** V8 has it for contexts that are made while the flag is set. */
function openCollector(): () => void {
  setFlagsFromString('--expose-gc')
  const made: unknown = runInNewContext('globalThis.gc')
  setFlagsFromString('--no-expose-gc')
  return typeof made === 'function' ? () => void made() : () => undefined
}
