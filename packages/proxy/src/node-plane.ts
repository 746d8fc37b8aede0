import type { Turns } from '@mesh/core/balance'
import type { Engine } from '@mesh/core/engine'
import type { SvidSource } from '@mesh/core/identity'
import type { Listener, NodeSelf } from '@mesh/core/view'
import type { Io, ListenSocket } from '@mesh/io'
import { createLogger, type Logger } from '@mesh/telemetry'
import { ownPlaces } from './admin/own-places.ts'
import { createDataPlane, type DataPlane } from './data-plane.ts'
import type { CurrentIdentity, MeshIdentity } from './identity/mesh-identity.ts'
import type { Limits } from './limits.ts'
import type { ListenerSet } from './listen/listener-set.ts'
import type { RecordSinks } from './observe/observer.ts'
import { tellOutlier } from './observe/outlier-log.ts'
import type { Overload } from './overload/level.ts'
import type { CountsOf } from './pool/counts.ts'
import type { SharedOutliers } from './pool/outlier-watch.ts'
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
  /** Descriptors of the sockets that the other workers have there. */
  readonly others?: readonly (number | undefined)[]
}

export interface NodePlaneOptions {
  readonly settings: NodeSettings
  readonly log: Logger
  readonly io: Io
  readonly source: SvidSource | undefined
  readonly sinks: RecordSinks
  readonly onFault: (error: unknown) => void
  readonly onIdentity?: (current: CurrentIdentity) => void
  readonly inherited?: (address: string, port: number) => number | undefined
  readonly limits?: Partial<Limits>
  readonly overload: Overload
  readonly countsOf?: CountsOf
  readonly outliers?: SharedOutliers
  readonly turnsOf?: (cluster: string) => Turns | undefined
}

/** A data plane for a node, as its settings say. */
export function createNodePlane({ settings, log, source, ...rest }: NodePlaneOptions): DataPlane {
  const plane = createDataPlane({
    ...rest,
    self: settings.node,
    portOf: portOf(settings),
    underscores: settings.headersWithUnderscores,
    ownPlaces: ownPlaces(settings),
    onProblem: (problem) => log.warn({ problem }, 'configuration'),
    ...(source === undefined ? {} : { source }),
    ...(settings.localAddress === undefined ? {} : { localAddress: settings.localAddress }),
    onOutlier: (event) => tellOutlier(log, event, plane.engine.cluster(event.cluster)?.cluster.origin),
  })
  return plane
}

/** The log of a proxy process, each line with the name of the node. */
export function nodeLog({ node, logLevel }: { readonly node: Pick<NodeSelf, 'name' | 'namespace'>; readonly logLevel: string }): Logger {
  return createLogger({ name: 'mesh-proxy', level: logLevel }).child({ node: `${node.name}.${node.namespace}` })
}

/** Settings may move the application's way out to another port. */
export function portOf({ ports }: NodeSettings): (listener: Listener) => number {
  return (listener) => (listener.name === 'http_proxy' && ports.outbound !== undefined ? ports.outbound : listener.port)
}
