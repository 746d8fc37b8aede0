import type { Logger } from '@mesh/telemetry'
import { LOG_LEVELS } from '@mesh/telemetry'
import type { NodePlane } from '../node-plane.ts'
import type { NodeSettings } from '../settings.ts'
import type { NodeNumbers } from './node-numbers.ts'
import { adminRoutes, metricsPage, type AdminFacts } from './pages.ts'
import { readyPage, type ProxyState } from './server-info.ts'
import { startAdmin, type AdminServer } from './server.ts'

/** The three servers beside the data path: admin for people on this machine, health and metrics for the platform. */
export interface AdminDoors {
  readonly admin: AdminServer
  readonly health: AdminServer
  readonly metrics: AdminServer
  close(): Promise<void>
}

export interface DoorsOptions {
  readonly settings: NodeSettings
  readonly plane: NodePlane
  readonly numbers: NodeNumbers
  readonly log: Logger
  /** The log has another level now. */
  readonly onLogLevel?: (level: string) => void
  readonly version: string
  readonly drain: () => void
  readonly draining: () => boolean
  /** A socket that a predecessor left for a door, once. */
  readonly inherited?: (door: Door) => number | undefined
  readonly onFault: (error: unknown) => void
}

export type Door = 'admin' | 'health' | 'metrics'

/** Listens on all three, or rejects. */
export async function openAdmin(options: DoorsOptions): Promise<AdminDoors> {
  const { settings, plane, onFault } = options
  const state = (): ProxyState => (options.draining() ? 'DRAINING' : isLive(plane, settings) ? 'LIVE' : 'PRE_INITIALIZING')
  const facts = factsOf(options, state)
  const { address } = settings.node
  const { ports, adminAddress } = settings
  const of = (door: Door): number | undefined => options.inherited?.(door)
  const [admin, health, metrics] = await Promise.all([
    startAdmin({ onFault, hostCheck: true, address: adminAddress, port: ports.admin, inherited: of('admin'), routes: adminRoutes(facts) }),
    // Probes may come with any Host, and learn one word.
    startAdmin({
      onFault,
      hostCheck: false,
      address,
      port: ports.health,
      inherited: of('health'),
      routes: [{ method: 'GET', path: '/healthz/ready', help: 'readiness', answer: () => readyPage(state()) }],
    }),
    // Scraped by address; by a name a browser may have been led here, and these pages tell who calls whom.
    startAdmin({
      onFault,
      hostCheck: true,
      address,
      port: ports.metrics,
      inherited: of('metrics'),
      routes: [{ method: 'GET', path: '/stats/prometheus', help: 'metrics', answer: () => metricsPage(facts) }],
    }),
  ])
  return {
    admin,
    health,
    metrics,
    async close() {
      await Promise.all([admin.close(), health.close(), metrics.close()])
    },
  }
}

/** A view is in force, all listeners of one were bound, and the certificate is there where one is to be had. */
export function isLive(plane: NodePlane, settings: NodeSettings): boolean {
  return plane.ready && (settings.identity === null || plane.identity.current !== undefined)
}

function factsOf({ settings, plane, numbers, log, onLogLevel, version, drain }: DoorsOptions, state: () => ProxyState): AdminFacts {
  return {
    settings,
    plane,
    numbers,
    version,
    startedMs: Date.now(),
    state,
    logLevel: () => log.level,
    setLogLevel(level) {
      if (!LOG_LEVELS.some((known) => known === level)) return false
      log.level = level
      onLogLevel?.(level)
      return true
    },
    drain,
  }
}
