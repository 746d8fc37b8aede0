import { performance } from 'node:perf_hooks'
import { IO_LIMITS } from '../limits.ts'
import type { Timer, Timers } from '../port/timers.ts'
import { guarded, type OnFault } from './faults.ts'
import { TickHeap } from './tick-heap.ts'

/** Timers in buckets of one tick: arming is an append, cancelling an unlink, and the host keeps one timer for all. */
export class TimerWheel implements Timers {
  readonly #onFault: OnFault
  readonly #buckets = new Map<number, Bucket>()
  readonly #ticks = new TickHeap()
  #host: NodeJS.Timeout | undefined
  #hostTick = Infinity
  #nowMs = -1
  #wallMs = -1
  readonly #forget = (): void => {
    this.#nowMs = -1
    this.#wallMs = -1
  }

  constructor(onFault: OnFault) {
    this.#onFault = onFault
  }

  now(): number {
    if (this.#nowMs === -1) this.#look()
    return this.#nowMs
  }

  wallClock(): number {
    if (this.#nowMs === -1) this.#look()
    return this.#wallMs
  }

  arm(delayMs: number, callback: () => void): Timer {
    const tick = Math.ceil((this.now() + Math.max(0, delayMs)) / IO_LIMITS.tickMs)
    let bucket = this.#buckets.get(tick)
    if (bucket === undefined) {
      bucket = new Bucket(tick, this.#buckets)
      this.#buckets.set(tick, bucket)
      this.#ticks.push(tick)
      if (tick < this.#hostTick) this.#schedule()
    }
    return bucket.add(callback)
  }

  /** Within a turn both clocks stand still. */
  #look(): void {
    this.#nowMs = performance.now()
    this.#wallMs = Date.now()
    process.nextTick(this.#forget)
  }

  #schedule(): void {
    const tick = this.#nextTick()
    if (tick === undefined) return
    clearTimeout(this.#host)
    this.#hostTick = tick
    this.#host = setTimeout(() => this.#fire(), Math.min(MAX_HOST_MS, Math.max(1, tick * IO_LIMITS.tickMs - performance.now())))
    this.#host.unref()
  }

  /** The earliest tick with a timer; ticks whose timers were all cancelled are dropped. */
  #nextTick(): number | undefined {
    for (;;) {
      const tick = this.#ticks.first
      if (tick === undefined || this.#buckets.has(tick)) return tick
      this.#ticks.pop()
    }
  }

  #fire(): void {
    this.#hostTick = Infinity
    for (const bucket of this.#takeDue()) bucket.fire(this.#onFault)
    this.#schedule()
  }

  /** What is due now and nothing more: within a turn time stands still, and what is armed meanwhile would be due again and again. */
  #takeDue(): readonly Bucket[] {
    const due: Bucket[] = []
    for (;;) {
      const tick = this.#nextTick()
      if (tick === undefined || tick * IO_LIMITS.tickMs > performance.now()) return due
      const bucket = this.#buckets.get(tick)
      this.#ticks.pop()
      this.#buckets.delete(tick)
      if (bucket !== undefined) due.push(bucket)
    }
  }
}

/** What the host's timers take at most. */
const MAX_HOST_MS = 2 ** 31 - 1

class Bucket {
  readonly #tick: number
  readonly #buckets: Map<number, Bucket>
  readonly #armed = new Set<Armed>()

  constructor(tick: number, buckets: Map<number, Bucket>) {
    this.#tick = tick
    this.#buckets = buckets
  }

  add(callback: () => void): Timer {
    const armed = new Armed(this, callback)
    this.#armed.add(armed)
    return armed
  }

  remove(armed: Armed): void {
    this.#armed.delete(armed)
    if (this.#armed.size === 0 && this.#buckets.get(this.#tick) === this) this.#buckets.delete(this.#tick)
  }

  fire(onFault: OnFault): void {
    for (const armed of this.#armed) {
      this.#armed.delete(armed)
      armed.fire(onFault)
    }
  }
}

class Armed implements Timer {
  readonly #bucket: Bucket
  #callback: (() => void) | undefined

  constructor(bucket: Bucket, callback: () => void) {
    this.#bucket = bucket
    this.#callback = callback
  }

  cancel(): void {
    if (this.#callback === undefined) return
    this.#callback = undefined
    this.#bucket.remove(this)
  }

  fire(onFault: OnFault): void {
    const callback = this.#callback
    this.#callback = undefined
    if (callback !== undefined) guarded(onFault, callback)
  }
}
