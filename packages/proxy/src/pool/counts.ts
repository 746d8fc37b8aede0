/** How many of one thing there are at once, and the way to be one of them. */
export interface Count {
  readonly value: number
  /** Counts one in, unless there are `max` of them. */
  take(max: number): boolean
  /** Counts one out. */
  give(): void
}

/** What the bounds of a cluster bound: in this thread, or over all workers of the process. */
export interface ClusterCounts {
  /** Open and opening. */
  readonly connections: Count
  readonly requests: Count
  readonly retries: Count
  /** Calls that wait for a connection. */
  readonly pending: Count
  /** Undefined: this thread is the only one. */
  readonly others: OtherWorkers | undefined
}

/** The workers beside this one, as far as one cluster concerns them. */
export interface OtherWorkers {
  /** Whether calls of another worker wait for a connection, and have more right to one of `max` than what is here. */
  deserve(max: number): boolean
  /** Whether another worker waits that has no more connections than this one: a connection that was closed here is for it. */
  precede(): boolean
  /** Calls here wait: who has a connection to spare is to close it. */
  ask(): void
  /** A connection is closed: who waits may make one. */
  tell(): void
}

/** The counts of each cluster. */
export interface CountsOf {
  (cluster: string): ClusterCounts
}

/** Counts of this thread alone, at zero. */
export function ownCounts(): ClusterCounts {
  return { connections: new OwnCount(), requests: new OwnCount(), retries: new OwnCount(), pending: new OwnCount(), others: undefined }
}

class OwnCount implements Count {
  value = 0

  take(max: number): boolean {
    if (this.value >= max) return false
    this.value++
    return true
  }

  give(): void {
    if (this.value > 0) this.value--
  }
}
