import type { Engine } from '@mesh/core/engine'
import type { SvidSource } from '@mesh/core/identity'
import type { Listener } from '@mesh/core/view'
import type { Io, ListenSocket } from '@mesh/io'
import type { Logger } from '@mesh/telemetry'
import { ownPlaces } from './admin/own-places.ts'
import { createDataPlane, type DataPlane } from './data-plane.ts'
import type { MeshIdentity } from './identity/mesh-identity.ts'
import type { ListenerSet } from './listen/listener-set.ts'
import type { RecordSinks } from './observe/observer.ts'
import type { NodeSettings } from './settings.ts'

/** The data plane of a node as what controls it sees it: in this thread, or in workers. */
export interface NodePlane extends Pick<DataPlane, 'ready' | 'viewSinceMs' | 'apply' | 'drain'> {
  readonly engine: Pick<Engine, 'view'>
  readonly identity: Pick<MeshIdentity, 'current'>
  readonly listeners: NodeListeners
  close(): void | Promise<void>
}

export interface NodeListeners extends Pick<ListenerSet, 'unbound' | 'watch'> {
  readonly bound: readonly BoundPlace[]
}

/** A listener of the view, and the socket that it has. */
export interface BoundPlace {
  readonly plan: { readonly listener: Listener }
  readonly socket: Omit<ListenSocket, 'close'> | undefined
}

export interface NodePlaneOptions {
  readonly settings: NodeSettings
  readonly log: Logger
  readonly io: Io
  readonly source: SvidSource | undefined
  readonly sinks: RecordSinks
  readonly onFault: (error: unknown) => void
  readonly inherited: (address: string, port: number) => number | undefined
}

/** The data plane of a proxy process, which tells its log what happens to it. */
export function nodePlane({ settings, log, io, source, sinks, onFault, inherited }: NodePlaneOptions): DataPlane {
  const plane = createDataPlane({
    io,
    self: settings.node,
    sinks,
    inherited,
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
  return plane
}

/** Settings may move the application's way out to another port. */
export function portOf({ ports }: NodeSettings): (listener: Listener) => number {
  return (listener) => (listener.name === 'http_proxy' && ports.outbound !== undefined ? ports.outbound : listener.port)
}
