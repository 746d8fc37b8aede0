import type { ConfigSource } from '@mesh/core/config'
import type { SvidSource } from '@mesh/core/identity'
import { objectsOf, type Snapshot } from '@mesh/core/snapshot'
import type { NodeSelf, View } from '@mesh/core/view'
import type { RefusedCall } from '@mesh/rpc'
import { createAdsServer, type AdsServer, type ClientStatus } from '@mesh/xds'
import { calmLog } from './calm-log.ts'
import { createPilotMetrics, type SnapshotCounts } from './debug/metrics.ts'
import type { DebugFacts } from './debug/pages.ts'
import { reasonOf, type Log } from './log.ts'
import { createPilotRecords } from './records/pilot-records.ts'
import { knownNode, refusalOf, type Admission, type KnownNode } from './serve/admission.ts'
import { registeredNode } from './serve/registered-node.ts'
import { createViews } from './serve/views.ts'
import type { PilotSettings } from './settings.ts'
import { createSnapshotState } from './snapshot-state.ts'
import { Ledger } from './status/ledger.ts'
import { ProxyTracks } from './status/tracks.ts'
import { ownVersion } from './version.ts'

/** What pilot does between the files and the wire: sources become a snapshot, the snapshot views, and each node gets its own. */
export interface Control {
  /** The configuration as it is now. */
  take(sources: readonly ConfigSource[]): void
  readonly ads: AdsServer
  readonly facts: DebugFacts
  /** A connection or call was ended at a bound. */
  onRefused(reason: RefusedCall): void
  close(): void
}

export interface ControlOptions {
  /** Undefined: peers prove nothing. */
  readonly identity: SvidSource | undefined
  readonly log: Log
}

/** The part of pilot's settings that decides who is served. */
export type ControlSettings = Pick<PilotSettings, 'trustDomain' | 'cluster' | 'allowUnregistered'>

export function createControl({ trustDomain, cluster, allowUnregistered }: ControlSettings, { identity, log }: ControlOptions): Control {
  const calm = calmLog(log)
  const metrics = createPilotMetrics({
    onReject: ({ node }, { type, error }) =>
      calm('warn', 'a proxy refused a part of its view', { node: nameOf(node), type, reason: error }),
  })
  const records = createPilotRecords()
  const views = createViews()
  const now = (): number => performance.now()
  const ledger = new Ledger(now)
  const tracks = new ProxyTracks(now)
  const state = createSnapshotState({
    log,
    onSnapshot: (snapshot, change) => {
      views.use(snapshot, change)
      metrics.onSnapshot(countsOf(snapshot))
      tracks.onSnapshot(ledger.take(snapshot))
      ads.push()
    },
  })
  const who = { trustDomain, cluster, allowUnregistered, identity: identity !== undefined }
  const admission = (): Admission => ({ ...who, snapshot: state.current })
  const known = (node: NodeSelf): KnownNode => knownNode(node, admission())
  const viewOf = (node: NodeSelf): View | undefined => views.of(known(node))
  const ads = createAdsServer({
    authorize: (node, peer) => refusalOf(node, peer.principal, admission()),
    viewOf: (node) => {
      const view = viewOf(node)
      if (view !== undefined) tracks.onView(node, view)
      return view
    },
    sequence: () => ledger.sequence,
    onConnected: (node) => calm('info', 'connected', { node: nameOf(node) }),
    onRefused: ({ node, peer, reason, message }) => {
      metrics.onRefused(reason)
      records.onRefused({ node, peer, message })
      calm('warn', 'refused', { ...(node === undefined ? {} : { node: nameOf(node) }), peer: peer.address, reason: message })
    },
    onStatus: (status, closed) => {
      metrics.onStatus(status, closed)
      records.onStatus(status, closed)
      tracks.onStatus(status, closed)
      if (!closed) return
      calm('info', 'disconnected', { node: nameOf(status.node) })
      views.leave(known(status.node))
    },
    onError: (error, node) => log('error', 'a view could not be served', { node: nameOf(node), reason: reasonOf(error) }),
  })
  const facts: DebugFacts = {
    ledger,
    tracks,
    now,
    snapshot: () => state.current,
    ready: () => state.current !== undefined && (identity === undefined || identity.current !== undefined),
    findings: () => [...(state.current?.findings ?? []), ...views.findings],
    clients: () => ads.status().map((status) => ({ ...status, node: known(status.node).node })),
    node: (name) => findNode(name, ads.status(), state.current),
    viewOf,
    metrics: metrics.expose,
    records,
    version: ownVersion(),
  }
  const close = (): void => {
    ads.close()
    metrics.close()
  }
  return { take: state.take, ads, facts, onRefused: metrics.onRefused, close }
}

function nameOf(node: Pick<NodeSelf, 'name' | 'namespace'>): string {
  return `${node.name}.${node.namespace}`
}

/** By `NAME.NAMESPACE`: as it is connected, else as it is registered. */
function findNode(name: string, clients: readonly ClientStatus[], snapshot: Snapshot | undefined): NodeSelf | undefined {
  const connected = clients.find(({ node }) => nameOf(node) === name)?.node
  if (connected !== undefined || snapshot === undefined) return connected
  const dot = name.lastIndexOf('.')
  return registeredNode(snapshot, { name: name.slice(0, dot), namespace: name.slice(dot + 1) })
}

function countsOf(snapshot: Snapshot): SnapshotCounts {
  const services = objectsOf(snapshot, 'Service').length + objectsOf(snapshot, 'ServiceEntry').length
  const failed = snapshot.findings.filter((finding) => finding.severity === 'error').length
  return { hash: snapshot.hash, passed: snapshot.objects.length, failed, services }
}
