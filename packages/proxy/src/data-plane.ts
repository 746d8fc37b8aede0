import type { SvidSource } from '@mesh/core/identity'
import { createBalancer, type Turns } from '@mesh/core/balance'
import type { Engine } from '@mesh/core/engine'
import type { OutlierEvent } from '@mesh/core/outlier'
import type { Listener, NodeSelf, View } from '@mesh/core/view'
import type { Io, Timer } from '@mesh/io'
import type { ProxyContext } from './context.ts'
import { createCounters, type Counters } from './counters.ts'
import { createCallEnv, createRandomSource } from './env.ts'
import type { UnderscoreAction } from './http/admit-request.ts'
import { createFileContexts } from './identity/file-contexts.ts'
import { principalOf } from './identity/judge.ts'
import { followIdentity, type CurrentIdentity, type MeshIdentity } from './identity/mesh-identity.ts'
import { LIMITS, type Limits } from './limits.ts'
import { accept } from './listen/arrival.ts'
import { createListenerSet, type ListenerFailure, type ListenerSet } from './listen/listener-set.ts'
import { createObserver, type RecordSinks } from './observe/observer.ts'
import { connectionRoom } from './open-files.ts'
import { NO_OVERLOAD, type Overload } from './overload/level.ts'
import { ownCounts, type CountsOf } from './pool/counts.ts'
import { createOutlierWatch, type OutlierWatch, type SharedOutliers } from './pool/outlier-watch.ts'
import { createNames } from './pool/names.ts'
import type { Place } from './pool/loop.ts'
import { createPools, type Pools } from './pool/pools.ts'
import { createViewState } from './state/view-state.ts'

/** Listeners, pools and calls of one proxy, driven by views. It knows nothing of pilot, admin or files of state. */
export interface DataPlane {
  readonly engine: Engine
  readonly counters: Counters
  readonly pools: Pools
  readonly outliers: Pick<OutlierWatch, 'ejected'>
  readonly listeners: ListenerSet
  readonly identity: MeshIdentity
  /** Whether a view is in force. */
  readonly live: boolean
  /** Whether all listeners of a view were bound once; a listener that fails later does not take that back. */
  readonly ready: boolean
  /** When the view came into force, Unix milliseconds. */
  readonly viewSinceMs: number
  /** Resolves when new requests follow the view; answers the listeners that make no sense. Those whose address is taken are `listeners.unbound`. */
  apply(view: View): Promise<readonly ListenerFailure[]>
  /**
   * Stops accepting; resolves when the last connection ended, or was ended at the limit. `gently`: for a successor that serves already; idle
   * connections may ask once more, and calls have the time of a drained connection.
   */
  drain(gently?: boolean): Promise<void>
  close(): void
}

export interface DataPlaneOptions {
  readonly io: Io
  readonly self: NodeSelf
  /** Undefined: no mesh TLS. */
  readonly source?: SvidSource
  readonly sinks: RecordSinks
  readonly limits?: Partial<Limits>
  /** What it still takes on; everything when absent. */
  readonly overload?: Overload
  /** What bounds clusters where several data planes share their bounds; each for itself when absent. */
  readonly countsOf?: CountsOf
  /** The turns of a cluster's round robin, where several data planes take them together. */
  readonly turnsOf?: (cluster: string) => Turns | undefined
  /** Where endpoints are watched together; each for itself when absent. */
  readonly outliers?: SharedOutliers | undefined
  /** An endpoint was ejected, or came back. */
  readonly onOutlier?: (event: OutlierEvent) => void
  /** Source address of upstream connections. */
  readonly localAddress?: string
  /** The port to bind for a listener, where settings say otherwise than the view. */
  readonly portOf?: (listener: Listener) => number
  /** A socket that a predecessor left for an address and port, once. */
  readonly inherited?: (address: string, port: number) => number | undefined
  /** What serves this process itself, as its admin pages: nothing that comes through it may go there. */
  readonly ownPlaces?: readonly Place[]
  /** What an edge does with header names that hold an underscore; default `reject`. */
  readonly underscores?: UnderscoreAction
  readonly onFault: (error: unknown) => void
  /** Something in the configuration does not work; one sentence. */
  readonly onProblem?: (sentence: string) => void
  readonly onIdentity?: (current: CurrentIdentity) => void
}

/** Builds a data plane without listeners. */
export function createDataPlane(options: DataPlaneOptions): DataPlane {
  const { io, self } = options
  const limits: Limits = { ...LIMITS, connections: Math.min(LIMITS.connections, connectionRoom() ?? Infinity), ...options.limits }
  const counters = createCounters()
  const random = createRandomSource()
  const files = createFileContexts({ io, onProblem: (sentence) => options.onProblem?.(sentence) })
  const fault = (error: unknown): void => {
    counters.faults++
    options.onFault(error)
  }
  const identity = followIdentity({
    io,
    source: options.source,
    onChange(current, trustChanged) {
      counters.svidUpdates++
      if (trustChanged) state.onTrustChange()
      options.onIdentity?.(current)
    },
    onProblem: fault,
  })
  const names = createNames({ io, limits, counters })
  const localAddressFor = sourceAddress(options.localAddress)
  const outliers = createOutlierWatch({ timers: io.timers, counters, shared: options.outliers, onEvent: options.onOutlier })
  const pools = createPools(
    {
      io,
      limits,
      counters,
      countsOf: options.countsOf ?? ownCounts,
      outliers,
      identity,
      files,
      onFault: fault,
      localAddressFor,
      principalOf,
    },
    names,
  )
  const balancer = createBalancer({
    chance: () => random.chance(),
    activeOf: ({ cluster }, endpoint) => pools.active(cluster.name, endpoint),
    availableOf: ({ cluster, endpoints }) => outliers.of(cluster.name)?.available(endpoints) ?? endpoints,
    turnsOf: ({ cluster }) => options.turnsOf?.(cluster.name),
  })
  const env = createCallEnv({ timers: io.timers, random, balancer, retrySlots: pools.retrySlots })
  const observer = createObserver({ self, sinks: options.sinks, counters })
  const listeners: ListenerSet = createListenerSet({
    io,
    counters,
    limits,
    ...(options.inherited === undefined ? {} : { inherited: options.inherited }),
    portOf: options.portOf ?? ((listener) => listener.port),
    accept: (listener, conn) => accept(context, listener, conn),
    onFault: fault,
  })
  const context: ProxyContext = {
    io,
    env,
    self,
    limits,
    counters,
    identity,
    files,
    pools,
    observer,
    overload: options.overload ?? NO_OVERLOAD,
    ownPlaces: options.ownPlaces ?? [],
    underscores: options.underscores ?? 'reject',
    principalOf,
    listeners: () => listeners.bound,
    onFault: fault,
  }
  const state = createViewState({
    wallClock: () => io.timers.wallClock(),
    listeners: () => listeners,
    pools,
    onFailures: (failures) => (counters.viewRejections += failures.length),
    onEngine(engine) {
      counters.viewUpdates++
      files.refresh()
      observer.follow(engine.view)
    },
  })
  let ready = false
  const settle = (): void => {
    ready ||= state.live && listeners.unbound.length === 0
  }
  listeners.watch(settle)
  const stopSweep = everySweep(io, limits, (nowMs) => {
    listeners.sweep(nowMs)
    pools.sweep(nowMs)
  })
  const close = (): void => {
    stopSweep()
    identity.close()
    listeners.abort()
    pools.close()
  }
  return {
    counters,
    pools,
    outliers,
    listeners,
    identity,
    get engine() {
      return state.engine
    },
    get live() {
      return state.live
    },
    get ready() {
      return ready
    },
    get viewSinceMs() {
      return state.sinceMs
    },
    async apply(view) {
      const refused = await state.apply(view)
      settle()
      return refused
    },
    drain: (gently = false) =>
      gently ? drain(io, listeners, limits.drainedCallsMs, limits.handoverIdleMs) : drain(io, listeners, limits.drainMs, 0),
    close,
  }
}

/** Peers on this machine see who calls by the source address; elsewhere the system chooses it. */
function sourceAddress(localAddress: string | undefined): (to: string) => string | undefined {
  if (localAddress === undefined) return () => undefined
  const local = isLoopback(localAddress)
  return (to) => (isLoopback(to) === local ? localAddress : undefined)
}

function isLoopback(address: string): boolean {
  return address.startsWith('127.') || address === '::1'
}

function everySweep(io: Io, limits: Limits, sweep: (nowMs: number) => void): () => void {
  let timer: Timer
  const arm = (): void => {
    timer = io.timers.arm(limits.sweepMs, () => {
      arm()
      sweep(io.timers.now())
    })
  }
  arm()
  return () => timer.cancel()
}

/** Asks connections to end, and ends at the limit those that did not. */
async function drain(io: Io, listeners: ListenerSet, drainMs: number, idleMs: number): Promise<void> {
  await listeners.drain(idleMs)
  await new Promise<void>((resolve) => {
    const timer = io.timers.arm(drainMs, () => {
      listeners.abort()
      resolve()
    })
    listeners.onEmpty(() => {
      timer.cancel()
      resolve()
    })
  })
}
