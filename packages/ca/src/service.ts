import type { SvidSource } from '@mesh/core/identity'
import { serve, type RpcServer } from '@mesh/rpc'
import { createLineBudget, createLogger, type Logger } from '@mesh/telemetry'
import { openAuthority, publishRoot } from './authority.ts'
import { DRAIN_MS, LINES_PER_S, SERVER_BOUNDS } from './limits.ts'
import { createCaMetrics, type CaMetrics } from './metrics.ts'
import { startMonitoring } from './monitoring.ts'
import { ownSvid } from './own-svid.ts'
import type { CaSettings } from './settings.ts'
import { certificateService, type SignEvent } from './sign.ts'
import { tokenVerifier } from './token.ts'

/** A running certificate authority. */
export interface Ca {
  readonly port: number
  readonly monitoringPort: number
  close(): Promise<void>
}

/** Starts the authority: its root, its own certificate, the certificate service and the monitoring pages. Rejects when it cannot. */
export async function startCa(settings: CaSettings): Promise<Ca> {
  const { address, trustDomain, workloadTtlSeconds: ttlS } = settings
  const log = createLogger({ name: 'mesh-ca', level: 'info' })
  const onProblem = (error: unknown): void => log.error({ err: error }, 'problem')
  const authority = await openAuthority({ ...settings, nowMs: Date.now() })
  publishRoot(settings.rootFile, authority.rootPem)
  const metrics = createCaMetrics(authority.rootPem)
  const identity = ownSvid({ authority, trustDomain, ttlS, onProblem })
  await firstSvid(identity)
  const service = certificateService({
    authority,
    verifyToken: tokenVerifier(settings.jwksFile),
    trustDomain,
    ttlS,
    maxTtlS: settings.maxWorkloadTtlSeconds,
    renewWithoutTokenS: settings.renewWithoutTokenSeconds,
    now: Date.now,
    audit: auditor(metrics, log),
  })
  const rpc = await serve({
    address,
    port: settings.port,
    services: [service],
    identity,
    clientCert: 'optional',
    limits: SERVER_BOUNDS,
    onError: onProblem,
    onRefused: metrics.refused,
  })
  const monitoring = await startMonitoring({ address, port: settings.monitoringPort, expose: () => metrics.expose(), onProblem })
  log.info({ address, port: rpc.port, trustDomain }, 'certificate authority is ready')
  return {
    port: rpc.port,
    monitoringPort: monitoring.port,
    close: () => close(rpc, [() => monitoring.close(), () => identity.close(), () => metrics.close()]),
  }
}

/** Every certificate has its line; of what is refused there are so many a second, and the next one counts the rest. */
function auditor(metrics: CaMetrics, log: Logger): (event: SignEvent) => void {
  const budget = createLineBudget(LINES_PER_S)
  return (event) => {
    metrics.count(event)
    if (event.outcome === 'issued') return log.info(event, 'certificate issued')
    const leftOut = budget(event.outcome)
    if (leftOut !== undefined) log.warn(leftOut === 0 ? event : { ...event, leftOut }, `certificate ${event.outcome}`)
  }
}

/** Nobody can be served before the authority has proven itself to itself. */
function firstSvid(identity: SvidSource): Promise<void> {
  return new Promise((resolve) => {
    const stop = identity.watch(() => queueMicrotask(() => (stop(), resolve())))
  })
}

async function close(rpc: RpcServer, more: readonly (() => void)[]): Promise<void> {
  for (const stop of more) stop()
  await rpc.close(DRAIN_MS)
}
