import { readFileSync } from 'node:fs'
import { troubleText, type Trouble } from '@mesh/core/call'
import type { Listener, NodeSelf } from '@mesh/core/view'
import { createLogger, type Logger } from '@mesh/telemetry'
import { startSvidSource } from '@mesh/x509/svid'
import { chooseIo } from './choose-io.ts'
import { openAdmin, type AdminDoors } from './admin/doors.ts'
import { ownPlaces } from './admin/own-places.ts'
import { pilotFeed } from './control/pilot-feed.ts'
import type { ViewFeed } from './control/view-feed.ts'
import { createDataPlane, type DataPlane } from './data-plane.ts'
import { openSinks } from './observe/sinks.ts'
import type { NodeSettings, ProxySettings } from './settings.ts'

/** A proxy process at work. */
export interface RunningProxy {
  readonly plane: DataPlane
  readonly doors: AdminDoors
  readonly log: Logger
  /** Ends in order: calls under way finish, within a bound. */
  stop(): Promise<void>
}

/** Starts a sidecar or gateway: from the stored view if there is one, then from what pilot says. Rejects when admin ports cannot be had. */
export function startProxy(settings: ProxySettings): Promise<RunningProxy> {
  const log = nodeLog(settings)
  return startNode({ settings, log, feed: pilotFeed(settings, log) })
}

/** The log of a proxy process, each line with the name of the node. */
export function nodeLog({ node, logLevel }: { readonly node: Pick<NodeSelf, 'name' | 'namespace'>; readonly logLevel: string }): Logger {
  return createLogger({ name: 'mesh-proxy', level: logLevel }).child({ node: `${node.name}.${node.namespace}` })
}

export interface NodeOptions {
  readonly settings: NodeSettings
  readonly log: Logger
  readonly feed: ViewFeed
}

/** Starts a sidecar or gateway whose views come from `feed`. Rejects when admin ports cannot be had. */
export async function startNode({ settings, log, feed }: NodeOptions): Promise<RunningProxy> {
  const { node, identity } = settings
  const onProblem = (error: unknown): void => log.warn({ err: error }, 'problem')
  const onFault = (error: unknown): void => log.error({ err: error }, 'internal fault')
  const source = identity === null ? undefined : startSvidSource({ ...identity, self: node, onProblem })
  const sinks = openSinks({
    engine: () => plane.engine,
    onProblem: (message) => log.warn({ message }, 'spans'),
    onTrouble: (trouble, leftOut) => log.warn(troubleFields(trouble, leftOut), troubleText(trouble)),
  })
  const io = chooseIo({ wanted: settings.io, onFault, log })
  const plane = createDataPlane({
    io,
    self: node,
    sinks,
    portOf: portOf(settings),
    underscores: settings.headersWithUnderscores,
    ownPlaces: ownPlaces(settings),
    onFault,
    onProblem: (problem) => log.warn({ problem }, 'configuration'),
    onIdentity: (current) =>
      log.info({ spiffeId: current.svid.spiffeId, notAfter: new Date(current.svid.notAfterMs).toISOString() }, 'identity'),
    ...(source === undefined ? {} : { source }),
    ...(settings.localAddress === undefined ? {} : { localAddress: settings.localAddress }),
  })
  plane.listeners.watch(({ listener, reason }) => {
    if (reason === undefined) log.info({ listener }, 'listener bound after all')
    else log.warn({ listener, reason }, 'listener not bound: it is tried again until it can be')
  })
  if (source === undefined) log.warn('no certificate authority is configured: mesh traffic is not protected by TLS')
  const { initial } = feed
  if (initial !== undefined) {
    const failures = await plane.apply(initial)
    log.info({ snapshot: initial.snapshot, listeners: initial.listeners.length, failures }, 'first view in force')
  }
  let draining: Promise<void> | undefined
  const drain = (): Promise<void> => (draining ??= plane.drain())
  const doors = await openAdmin({
    settings,
    plane,
    sinks,
    log,
    version: version(),
    drain: () => void drain(),
    draining: () => draining !== undefined,
    onFault,
  })
  const link = feed.follow({ plane, source })
  return {
    plane,
    doors,
    log,
    async stop() {
      await drain()
      await link.close()
      source?.close()
      plane.close()
      await Promise.all([doors.close(), sinks.close()])
    },
  }
}

/** What a search finds it by; `leftOut` lines of the same sort were not written before. */
function troubleFields({ code, id, cause }: Trouble, leftOut: number): Readonly<Record<string, unknown>> {
  return { code, id, cause, ...(leftOut === 0 ? {} : { leftOut }) }
}

/** Settings may move the application's way out to another port. */
function portOf({ ports }: NodeSettings): (listener: Listener) => number {
  return (listener) => (listener.name === 'http_proxy' && ports.outbound !== undefined ? ports.outbound : listener.port)
}

function version(): string {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { readonly version: string }
  return manifest.version
}
