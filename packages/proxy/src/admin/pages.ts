import { nodeId } from '@mesh/core/view'
import type { RecordRing } from '@mesh/telemetry'
import type { DataPlane } from '../data-plane.ts'
import type { NodeSettings } from '../settings.ts'
import { clustersPage } from './clusters.ts'
import { configDumpPage } from './config-dump.ts'
import { listenersPage } from './listeners.ts'
import { recordsPage } from './records.ts'
import { json, metricsText, text, type AdminReply, type AdminRoute } from './routes.ts'
import { certsPage, readyPage, serverInfoPage, type ProxyState } from './server-info.ts'
import { statsExposition, statsPage } from './stats.ts'

/** What the admin pages are about. */
export interface AdminFacts {
  readonly settings: NodeSettings
  readonly plane: DataPlane
  readonly version: string
  readonly startedMs: number
  readonly state: () => ProxyState
  /** Prometheus text of the calls' metrics. */
  readonly expose: () => string
  readonly records: RecordRing
  /** Log lines and spans that were lost. */
  readonly lost: () => { readonly lines: number; readonly spans: number }
  readonly logLevel: () => string
  /** False: there is no such level. */
  readonly setLogLevel: (level: string) => boolean
  readonly drain: () => void
}

/** The admin interface: reads are GET, changes are POST. */
export function adminRoutes(facts: AdminFacts): readonly AdminRoute[] {
  const { plane, settings, version, startedMs, state } = facts
  const get = (path: string, help: string, answer: AdminRoute['answer']): AdminRoute => ({ method: 'GET', path, help, answer })
  const post = (path: string, help: string, answer: AdminRoute['answer']): AdminRoute => ({ method: 'POST', path, help, answer })
  return [
    get('/certs', 'the certificate in use', () => certsPage(plane.identity)),
    get('/clusters', 'upstream clusters (?format=json)', ({ query }) => clustersPage(plane.engine, plane.pools, query.get('format'))),
    get('/config_dump', 'the configuration in force, as Envoy shows it', () => configDumpPage(plane, settings)),
    get('/listeners', 'listeners, bound or not (?format=json)', ({ query }) => listenersPage(plane.listeners, query.get('format'))),
    get('/ready', 'LIVE when traffic can be served', () => readyPage(state(), plane.listeners.unbound)),
    get('/records', 'the last calls (?after=SEQ&id=PREFIX&limit=N)', ({ query }) => recordsPage(facts.records, startedMs, query)),
    get('/server_info', 'who this is', () => serverInfoPage({ settings, state: state(), startedMs, version })),
    get('/stats', 'own numbers (?filter=text)', ({ query }) => statsPage(plane.counters, query.get('filter'))),
    get('/stats/prometheus', 'all metrics', () => metricsPage(facts)),
    get('/view', 'the view in force, as JSON', () => json({ node: nodeId(settings.node), ...plane.engine.view })),
    post('/drain_listeners', 'close the listeners, let calls finish', () => drainPage(facts)),
    post('/logging', 'change the log level (?level=debug)', ({ query }) => loggingPage(facts, query.get('level') ?? query.get('paths'))),
  ]
}

/** Metrics of the calls and of the proxy itself. */
export function metricsPage({ expose, plane, lost }: AdminFacts): AdminReply {
  const { lines, spans } = lost()
  const losses = `# TYPE mesh_access_log_lines_lost_total counter\nmesh_access_log_lines_lost_total ${lines}\n# TYPE mesh_spans_lost_total counter\nmesh_spans_lost_total ${spans}\n`
  return metricsText(expose() + statsExposition(plane.counters) + losses)
}

function drainPage({ drain }: AdminFacts): AdminReply {
  drain()
  return text('OK')
}

function loggingPage({ setLogLevel, logLevel }: AdminFacts, level: string | null): AdminReply {
  if (level !== null && !setLogLevel(level)) return text(`There is no log level ${level}.`, 400)
  return text(`active loggers:\n  mesh-proxy: ${logLevel()}`)
}
