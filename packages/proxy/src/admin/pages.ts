import { nodeId } from '@mesh/core/view'
import type { NodePlane } from '../node-plane.ts'
import type { NodeSettings } from '../settings.ts'
import { clustersPage } from './clusters.ts'
import { configDumpPage } from './config-dump.ts'
import { listenersPage } from './listeners.ts'
import type { NodeNumbers } from './node-numbers.ts'
import { recordsPage } from './records.ts'
import { json, metricsText, text, type AdminReply, type AdminRoute } from './routes.ts'
import { certsPage, readyPage, serverInfoPage, type ProxyState } from './server-info.ts'
import { statsExposition, statsPage } from './stats.ts'

/** What the admin pages are about. */
export interface AdminFacts {
  readonly settings: NodeSettings
  readonly plane: NodePlane
  readonly numbers: NodeNumbers
  readonly version: string
  readonly startedMs: number
  readonly state: () => ProxyState
  readonly logLevel: () => string
  /** False: there is no such level. */
  readonly setLogLevel: (level: string) => boolean
  readonly drain: () => void
}

/** The admin interface: reads are GET, changes are POST. */
export function adminRoutes(facts: AdminFacts): readonly AdminRoute[] {
  const { plane, numbers, settings, version, startedMs, state } = facts
  const get = (path: string, help: string, answer: AdminRoute['answer']): AdminRoute => ({ method: 'GET', path, help, answer })
  const post = (path: string, help: string, answer: AdminRoute['answer']): AdminRoute => ({ method: 'POST', path, help, answer })
  return [
    get('/certs', 'the certificate in use', () => certsPage(plane.identity)),
    get('/clusters', 'upstream clusters (?format=json)', async ({ query }) =>
      clustersPage(plane.engine.view, await numbers.report(), query.get('format')),
    ),
    get('/config_dump', 'the configuration in force, as Envoy shows it', () => configDumpPage(plane, settings)),
    get('/listeners', 'listeners, bound or not (?format=json)', ({ query }) => listenersPage(plane.listeners, query.get('format'))),
    get('/ready', 'LIVE when traffic can be served', () => readyPage(state(), plane.listeners.unbound)),
    get('/records', 'the last calls (?after=SEQ&id=PREFIX&limit=N)', ({ query }) =>
      recordsPage((wanted) => numbers.records(wanted, startedMs), query),
    ),
    get('/server_info', 'who this is', () => serverInfoPage({ settings, state: state(), startedMs, version })),
    get('/stats', 'own numbers (?filter=text)', async ({ query }) => statsPage((await numbers.report()).counters, query.get('filter'))),
    get('/stats/prometheus', 'all metrics', () => metricsPage(facts)),
    get('/view', 'the view in force, as JSON', () => json({ node: nodeId(settings.node), ...plane.engine.view })),
    post('/drain_listeners', 'close the listeners, let calls finish', () => drainPage(facts)),
    post('/logging', 'change the log level (?level=debug)', ({ query }) => loggingPage(facts, query.get('level') ?? query.get('paths'))),
  ]
}

/** Metrics of the calls and of the proxy itself. */
export async function metricsPage({ numbers }: Pick<AdminFacts, 'numbers'>): Promise<AdminReply> {
  const {
    counters,
    expose,
    lost: { lines, spans },
  } = await numbers.report()
  const losses = `# TYPE mesh_access_log_lines_lost_total counter\nmesh_access_log_lines_lost_total ${lines}\n# TYPE mesh_spans_lost_total counter\nmesh_spans_lost_total ${spans}\n`
  return metricsText(expose() + statsExposition(counters) + losses)
}

function drainPage({ drain }: AdminFacts): AdminReply {
  drain()
  return text('OK')
}

function loggingPage({ setLogLevel, logLevel }: AdminFacts, level: string | null): AdminReply {
  if (level !== null && !setLogLevel(level)) return text(`There is no log level ${level}.`, 400)
  return text(`active loggers:\n  mesh-proxy: ${logLevel()}`)
}
