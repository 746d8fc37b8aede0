import { compileEngine, type Engine } from '@mesh/core/engine'
import { EMPTY_VIEW, type View } from '@mesh/core/view'
import type { ListenerFailure, ListenerSet } from '../listen/listener-set.ts'
import type { Pools } from '../pool/pools.ts'

/** The view in force. */
export interface ViewState {
  readonly engine: Engine
  /** Whether any view came into force. */
  readonly live: boolean
  /** When the view came, Unix milliseconds. */
  readonly sinceMs: number
  /** Resolves when new requests follow the view; answers the listeners that could not be had. */
  apply(view: View): Promise<readonly ListenerFailure[]>
  /** Trusted roots changed: connections made under the old ones are not used again. */
  onTrustChange(): void
}

export interface ViewStateOptions {
  readonly wallClock: () => number
  readonly listeners: () => ListenerSet
  readonly pools: Pools
  readonly onEngine: (engine: Engine) => void
  readonly onFailures: (failures: readonly ListenerFailure[]) => void
}

/** Starts with nothing. */
export function createViewState(options: ViewStateOptions): ViewState {
  let engine = compileEngine(EMPTY_VIEW)
  let live = false
  let sinceMs = options.wallClock()
  return {
    get engine() {
      return engine
    },
    get live() {
      return live
    },
    get sinceMs() {
      return sinceMs
    },
    async apply(view) {
      engine = compileEngine(view, engine)
      options.onEngine(engine)
      const failures = await options.listeners().apply(engine)
      options.onFailures(failures)
      options.pools.update(engine, false)
      live = true
      sinceMs = options.wallClock()
      return failures
    },
    onTrustChange() {
      options.pools.update(engine, true)
      options.listeners().rejudge()
    },
  }
}
