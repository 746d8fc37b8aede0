import { objectTraces } from '@mesh/core/compile'
import { objectVersion, type Snapshot } from '@mesh/core/snapshot'
import { objectIdKey, type ConfigObject } from '@mesh/core/config'
import { LIMITS } from '../limits.ts'

/** What is known of an object over the life of this pilot. */
export interface ObjectRecord {
  readonly object: ConfigObject
  readonly version: string
  /** 1 when it is first seen, one more at each change of its content. */
  readonly generation: number
  /** It was otherwise before, or deleted and created again: a proxy may still have what it was. */
  readonly changed: boolean
  /** Number of the snapshot that brought its content. */
  readonly since: number
  /** Keys by which it is found in views. */
  readonly traces: readonly string[]
}

/** An object that is no more. */
export interface GoneRecord {
  readonly since: number
  readonly traces: readonly string[]
}

/** What a snapshot changed: objects that came, changed or went, by key. */
export interface LedgerChange {
  readonly sequence: number
  /** Keys by which what changed is found in views. */
  readonly traces: readonly string[]
}

/** Numbers the snapshots, and notes since which of them each object is as it is. */
export class Ledger {
  readonly #now: () => number
  readonly #records = new Map<string, Kept>()
  readonly #gone = new Map<string, GoneRecord>()
  readonly #taken = new Map<number, number>()
  #sequence = 0
  #hash = ''

  /** `now`: monotonic milliseconds. */
  constructor(now: () => number) {
    this.#now = now
  }

  /** Of the snapshot in force; 0 before the first. */
  get sequence(): number {
    return this.#sequence
  }

  get hash(): string {
    return this.#hash
  }

  take(snapshot: Snapshot): LedgerChange {
    this.#sequence += 1
    this.#hash = snapshot.hash
    this.#taken.set(this.#sequence, this.#now())
    this.#taken.delete(this.#sequence - LIMITS.maxSnapshotTimes)
    const traces = [...snapshot.objects.flatMap((object) => this.#note(object)), ...this.#bury()]
    return { sequence: this.#sequence, traces }
  }

  /** By `KIND/NAMESPACE/NAME`. */
  record(key: string): ObjectRecord | undefined {
    return this.#records.get(key)
  }

  gone(key: string): GoneRecord | undefined {
    return this.#gone.get(key)
  }

  /** When a snapshot came into force, in monotonic milliseconds; undefined of one long ago. */
  takenMs(sequence: number): number | undefined {
    return this.#taken.get(sequence)
  }

  #note(object: ConfigObject): readonly string[] {
    const key = objectIdKey(object)
    const known = this.#records.get(key)
    if (known !== undefined) known.seen = this.#sequence
    if (known?.object === object) return NONE
    const version = objectVersion(object)
    const traces = objectTraces(object)
    if (known?.version === version) {
      known.object = object
      return NONE
    }
    const returned = this.#gone.delete(key)
    const generation = (known?.generation ?? 0) + 1
    const changed = known !== undefined || returned
    this.#records.set(key, { object, version, generation, changed, since: this.#sequence, traces, seen: this.#sequence })
    return known === undefined ? traces : [...known.traces, ...traces]
  }

  #bury(): readonly string[] {
    const buried: string[] = []
    for (const [key, { seen, traces }] of this.#records) {
      if (seen === this.#sequence) continue
      this.#records.delete(key)
      if (this.#gone.size >= LIMITS.maxGoneObjects) this.#gone.delete(this.#gone.keys().next().value ?? '')
      this.#gone.set(key, { since: this.#sequence, traces })
      buried.push(...traces)
    }
    return buried
  }
}

interface Kept extends ObjectRecord {
  object: ConfigObject
  seen: number
}

const NONE: readonly string[] = []
