import { objectsOf, type Snapshot } from '@mesh/core/snapshot'
import type { Change } from '@mesh/core/compile'
import type { NodeSelf } from '@mesh/core/view'
import { serve } from '@mesh/rpc'
import { startSvidSource } from '@mesh/x509'
import { createAdsServer } from '@mesh/xds'
import { createPilotMetrics, type PilotMetrics } from './debug/metrics.ts'
import { startDebugServer } from './debug/server.ts'
import { CLOSE_GRACE_MS } from './limits.ts'
import { reasonOf, type Log } from './log.ts'
import { knownNode, refusalOf, registeredNode, type Admission } from './serve/admission.ts'
import { createViews } from './serve/views.ts'
import type { PilotSettings } from './settings.ts'
import { createSnapshotState } from './snapshot-state.ts'
import { startFileSource } from './source/file-source.ts'

/** The control plane at work. */
export interface Pilot {
  readonly xdsPort: number
  readonly monitoringPort: number
  /** Ends streams and watches; resolves when nothing runs any more. */
  close(): Promise<void>
}

/** Starts the control plane: reads the configuration, then serves each node its view. Rejects when it cannot bind. */
export async function startPilot(settings: PilotSettings, log: Log): Promise<Pilot> {
  const metrics = createPilotMetrics()
  const views = createViews()
  const state = createSnapshotState({
    log,
    onSnapshot: (snapshot: Snapshot, change: Change) => {
      views.use(snapshot, change)
      metrics.onSnapshot(countsOf(snapshot))
      ads.push()
    },
  })
  const admission = (): Admission => ({
    snapshot: state.current,
    trustDomain: settings.trustDomain,
    identity: settings.identity !== null,
  })
  const ads = createAdsServer({
    authorize: (node, peer) => told(node, refusalOf(node, peer.principal, admission()), log),
    viewOf: (node) => views.of(knownNode(node, admission())),
    onStatus: (status, closed) => watchStatus(metrics, log, status, closed),
    onError: (error, node) => log('error', 'a view could not be served', { node: nameOf(node), reason: reasonOf(error) }),
  })
  const source = await startFileSource({ directories: [...settings.configDirs, ...settings.registryDirs], onSources: state.take, log })
  const identity = settings.identity === null ? undefined : svidOf(settings, settings.identity, log)
  const onError = (error: unknown): void => log('error', 'xds', { reason: reasonOf(error) })
  const rpc = await serve({ address: settings.address, port: settings.xdsPort, services: [ads.service], identity, onError })
  const debug = await startDebugServer({
    address: settings.address,
    port: settings.monitoringPort,
    log,
    facts: {
      snapshot: () => state.current,
      ready: () => state.current !== undefined && (identity === undefined || identity.current !== undefined),
      findings: () => [...(state.current?.findings ?? []), ...views.findings],
      clients: () => ads.status(),
      node: (name) =>
        findNode(
          name,
          ads.status().map((status) => status.node),
          state.current,
        ),
      viewOf: (node) => views.of(knownNode(node, admission())),
      metrics: metrics.expose,
    },
  })
  log('info', 'serving', { address: settings.address, xds: rpc.port, monitoring: debug.port, identity: identity !== undefined })
  return {
    xdsPort: rpc.port,
    monitoringPort: debug.port,
    close: async () => {
      await source.close()
      ads.close()
      identity?.close()
      metrics.close()
      await Promise.all([rpc.close(CLOSE_GRACE_MS), debug.close()])
    },
  }
}

/** Pilot proves itself as the account `istio-pilot` of `istio-system`. */
function svidOf(settings: PilotSettings, identity: NonNullable<PilotSettings['identity']>, log: Log) {
  const self = { trustDomain: settings.trustDomain, namespace: 'istio-system', serviceAccount: 'istio-pilot' }
  return startSvidSource({ ...identity, self, onProblem: (error) => log('warn', 'no certificate yet', { reason: reasonOf(error) }) })
}

function watchStatus(metrics: PilotMetrics, log: Log, ...[status, closed]: Parameters<PilotMetrics['onStatus']>): void {
  metrics.onStatus(status, closed)
  if (closed) log('info', 'disconnected', { node: nameOf(status.node) })
  for (const { type, error, ackedSnapshot } of status.types) {
    if (error !== undefined) log('warn', 'refused by a proxy', { node: nameOf(status.node), type, reason: error, accepted: ackedSnapshot })
  }
}

function told(node: NodeSelf, refusal: string | undefined, log: Log): string | undefined {
  if (refusal === undefined) log('info', 'connected', { node: nameOf(node) })
  else log('warn', 'refused', { node: nameOf(node), reason: refusal })
  return refusal
}

function nameOf(node: Pick<NodeSelf, 'name' | 'namespace'>): string {
  return `${node.name}.${node.namespace}`
}

/** By `NAME.NAMESPACE`: as it is connected, else as it is registered. */
function findNode(name: string, connected: readonly NodeSelf[], snapshot: Snapshot | undefined): NodeSelf | undefined {
  const found = connected.find((node) => nameOf(node) === name)
  if (found !== undefined || snapshot === undefined) return found
  const dot = name.lastIndexOf('.')
  return registeredNode(snapshot, { name: name.slice(0, dot), namespace: name.slice(dot + 1) })
}

function countsOf(snapshot: Snapshot) {
  const services = objectsOf(snapshot, 'Service').length + objectsOf(snapshot, 'ServiceEntry').length
  const failed = snapshot.findings.filter((finding) => finding.severity === 'error').length
  return { hash: snapshot.hash, passed: snapshot.objects.length, failed, services }
}
