import { readFileSync } from 'node:fs'
import type { SvidSource } from '@mesh/core/identity'
import type { View } from '@mesh/core/view'
import type { Io } from '@mesh/io'
import type { Logger } from '@mesh/telemetry'
import { startSvidSource } from '@mesh/x509/svid'
import { chooseIo } from './choose-io.ts'
import { isLive, openAdmin, type AdminDoors } from './admin/doors.ts'
import { pilotFeed } from './control/pilot-feed.ts'
import type { ViewFeed } from './control/view-feed.ts'
import { inherit, ownSockets, type Estate } from './handover/predecessor.ts'
import { offerTo } from './handover/successor.ts'
import { LIMITS } from './limits.ts'
import { openHost, type NodeHost } from './node-host.ts'
import { nodeLog, portOf, type NodePlane } from './node-plane.ts'
import type { NodeSettings, ProxySettings } from './settings.ts'

/** A proxy process at work. */
export interface RunningProxy {
  readonly plane: NodePlane
  readonly doors: AdminDoors
  readonly log: Logger
  /** Resolves when a successor serves in its place. */
  readonly taken: Promise<void>
  /** Ends in order: calls under way finish, within a bound. */
  stop(): Promise<void>
  /** The same with a successor that serves: calls and connections have more time to end by themselves. */
  leave(): Promise<void>
  /** The process is about to exit, whatever is under way: threads beside this one end before it. */
  abandon(): Promise<void>
}

/** Starts a sidecar or gateway: from the stored view if there is one, then from what pilot says. Rejects when admin ports cannot be had. */
export function startProxy(settings: ProxySettings): Promise<RunningProxy> {
  const log = nodeLog(settings)
  return startNode({ settings, log, feed: pilotFeed(settings, log) })
}

export interface NodeOptions {
  readonly settings: NodeSettings
  readonly log: Logger
  readonly feed: ViewFeed
}

/**
 * Starts a sidecar or gateway whose views come from `feed`. Where a predecessor serves, it takes over its sockets once it has all that it needs, and
 * the predecessor may go when it is ready. Rejects when admin ports cannot be had, or a predecessor has to go on alone.
 */
export async function startNode({ settings, log, feed }: NodeOptions): Promise<RunningProxy> {
  const onFault = (error: unknown): void => log.error({ err: error }, 'internal fault')
  const io = chooseIo({ wanted: settings.io, onFault, log })
  const estate = await inherit(io, settings.hotRestart, log)
  try {
    if (estate.workers !== undefined && estate.workers !== settings.concurrency)
      throw new Error(
        `The predecessor goes on alone: its concurrency is ${estate.workers}, and a hot restart keeps it; here it is ${settings.concurrency}.`,
      )
    return await startHeir({ settings, log, feed, io, estate, onFault })
  } catch (error) {
    estate.decline()
    throw error
  }
}

interface HeirOptions extends NodeOptions {
  readonly io: Io
  readonly estate: Estate
  readonly onFault: (error: unknown) => void
}

async function startHeir(options: HeirOptions): Promise<RunningProxy> {
  const { settings, log, io, estate, onFault } = options
  const { identity, node } = settings
  const onProblem = (error: unknown): void => log.warn({ err: error }, 'problem')
  const source = identity === null ? undefined : startSvidSource({ ...identity, self: node, onProblem })
  const host = await openHost({ settings, log, io, source, onFault, inherited: (address, port) => estate.listener(address, port) })
  try {
    return await serve({ ...options, source, host })
  } catch (error) {
    source?.close()
    await host.close()
    throw error
  }
}

async function serve(options: HeirOptions & { readonly source: SvidSource | undefined; readonly host: NodeHost }): Promise<RunningProxy> {
  const { settings, log, feed, io, estate, onFault, source, host } = options
  const { plane, numbers } = host
  // With a predecessor there is no hurry: it serves, and whoever takes its callers needs a certificate first.
  if (estate.present) await untilSo(io, 'a certificate', () => source === undefined || plane.identity.current !== undefined)
  if (feed.initial !== undefined) await applyFirst(plane, feed.initial, log)
  const early = estate.present ? feed.follow({ plane, source }) : undefined
  if (estate.present) await untilSo(io, 'being ready', () => isLive(plane, settings))
  let draining: Promise<void> | undefined
  const drain = (gently = false): Promise<void> => (draining ??= plane.drain(gently))
  const doors = await openAdmin({
    settings,
    plane,
    numbers,
    log,
    onLogLevel: (level) => host.setLogLevel(level),
    version: version(),
    inherited: (door) => estate.door(door),
    drain: () => void drain(),
    draining: () => draining !== undefined,
    onFault,
  })
  const link = early ?? feed.follow({ plane, source })
  const successor = await offerTo(io, { path: settings.hotRestart, log, sockets: () => ownSockets(plane, doors, portOf(settings)) })
  estate.accept()
  const end = async (): Promise<void> => {
    source?.close()
    await Promise.all([doors.close(), host.close()])
  }
  return {
    plane,
    doors,
    log,
    taken: successor.taken,
    async stop() {
      successor.close()
      await drain()
      await link.close()
      await end()
    },
    async leave() {
      // Pilot and whoever looks at the admin pages have to do with the successor from now on.
      await Promise.all([link.close(), doors.close()])
      await drain(true)
      await end()
    },
    abandon: () => (settings.concurrency === 1 ? Promise.resolve() : host.close()),
  }
}

async function applyFirst(plane: NodePlane, view: View, log: Logger): Promise<void> {
  const failures = await plane.apply(view)
  log.info({ snapshot: view.snapshot, listeners: view.listeners.length, failures }, 'first view in force')
}

/** Rejects when it does not come within the bound. */
async function untilSo({ timers }: Io, what: string, holds: () => boolean): Promise<void> {
  const endMs = timers.now() + LIMITS.handoverReadyMs
  while (!holds()) {
    if (timers.now() > endMs)
      throw new Error(`The predecessor goes on alone: ${what} did not come within ${LIMITS.handoverReadyMs / 1000} s.`)
    await new Promise<void>((resolve) => timers.arm(HANDOVER_POLL_MS, resolve))
  }
}

const HANDOVER_POLL_MS = 20

function version(): string {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { readonly version: string }
  return manifest.version
}
