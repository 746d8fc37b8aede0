import type { Counters } from '../counters.ts'
import { LIMITS, type Limits } from '../limits.ts'
import { nextLevel, type Level, type SharedLevel } from './level.ts'
import { OWN_MEMORY, type MemoryMeter } from './memory-meter.ts'

/** What the watch tells of memory; the levels as Envoy tells its actions, 1 while they hold. */
export type MemoryNumbers = Pick<
  Counters,
  'memoryBytes' | 'memoryLimitBytes' | 'memoryPressure' | 'overloadClosesIdle' | 'overloadStopsRequests' | 'overloadStopsConnections'
>

/** A change that a person should know of. */
export interface MemoryChange {
  readonly level: Level
  readonly before: Level
  readonly residentBytes: number
  readonly limitBytes: number
  /** Of the fullest heap, 0 to 1. */
  readonly heapShare: number
}

export interface MemoryWatchOptions {
  /** Infinity: nothing comes of what is seen. */
  readonly limitBytes: number
  readonly level: SharedLevel
  readonly onChange: (change: MemoryChange) => void
  readonly meter?: MemoryMeter
  readonly limits?: Partial<Limits>
  /** The fullest heap of other threads, 0 to 1. */
  readonly otherHeaps?: () => number
}

/** Looks at the memory of the process, and sets the level of what it still takes on. */
export class MemoryWatch {
  readonly numbers: MemoryNumbers
  readonly #options: MemoryWatchOptions
  readonly #meter: MemoryMeter
  readonly #limits: Limits
  #collectedMs = -Infinity

  constructor(options: MemoryWatchOptions) {
    this.#options = options
    this.#meter = options.meter ?? OWN_MEMORY
    this.#limits = { ...LIMITS, ...options.limits }
    this.numbers = {
      memoryBytes: 0,
      memoryLimitBytes: options.limitBytes === Infinity ? 0 : Math.round(options.limitBytes),
      memoryPressure: 0,
      overloadClosesIdle: 0,
      overloadStopsRequests: 0,
      overloadStopsConnections: 0,
    }
  }

  /** Called at least every `memoryLookMs`; monotonic milliseconds. What is only garbage turns nobody away. */
  look(nowMs: number): void {
    let seen = this.#measure()
    if (seen.share >= this.#limits.memoryStopRequests && nowMs - this.#collectedMs >= this.#limits.memoryCollectMs) {
      this.#collectedMs = nowMs
      this.#meter.collect()
      seen = this.#measure()
    }
    const { level: shared, limitBytes, onChange } = this.#options
    const before = shared.level
    const level = nextLevel(before, seen.share, this.#limits)
    shared.level = level
    this.#tell(seen)
    if (level !== before) onChange({ level, before, residentBytes: seen.residentBytes, limitBytes, heapShare: seen.heapShare })
  }

  #measure(): Measured {
    const { limitBytes, otherHeaps } = this.#options
    const residentBytes = this.#meter.residentBytes()
    const heapShare = Math.max(this.#meter.heapShare(), otherHeaps?.() ?? 0)
    return { residentBytes, heapShare, share: limitBytes === Infinity ? 0 : Math.max(residentBytes / limitBytes, heapShare) }
  }

  #tell({ residentBytes, share }: Measured): void {
    const { level } = this.#options
    this.numbers.memoryBytes = residentBytes
    this.numbers.memoryPressure = Math.round(100 * share)
    this.numbers.overloadClosesIdle = Number(level.closesIdle)
    this.numbers.overloadStopsRequests = Number(level.stopsRequests)
    this.numbers.overloadStopsConnections = Number(level.stopsConnections)
  }
}

interface Measured {
  readonly residentBytes: number
  readonly heapShare: number
  readonly share: number
}
