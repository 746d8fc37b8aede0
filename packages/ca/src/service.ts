import type { SvidSource } from '@mesh/core/identity'
import { serve, type RpcServer } from '@mesh/rpc'
import { createLogger } from '@mesh/telemetry'
import { openAuthority, publishRoot } from './authority.ts'
import { createCaMetrics } from './metrics.ts'
import { DRAIN_MS } from './limits.ts'
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
  const log = createLogger({ name: 'mesh-ca', level: 'info' })
  const authority = await openAuthority({ ...settings, nowMs: Date.now() })
  publishRoot(settings.rootFile, authority.rootPem)
  const metrics = createCaMetrics(authority.rootPem)
  const onProblem = (error: unknown): void => log.error({ err: error }, 'problem')
  const identity = ownSvid({ authority, trustDomain: settings.trustDomain, ttlS: settings.workloadTtlSeconds, onProblem })
  await firstSvid(identity)
  const audit = (event: SignEvent): void => {
    metrics.count(event)
    log[event.outcome === 'issued' ? 'info' : 'warn'](event, `certificate ${event.outcome}`)
  }
  const service = certificateService({
    authority,
    verifyToken: tokenVerifier(settings.jwksFile),
    trustDomain: settings.trustDomain,
    ttlS: settings.workloadTtlSeconds,
    now: Date.now,
    audit,
  })
  const rpc = await serve({
    address: settings.address,
    port: settings.port,
    services: [service],
    identity,
    clientCert: 'optional',
    onError: onProblem,
  })
  const monitoring = await startMonitoring({ address: settings.address, port: settings.monitoringPort, expose: () => metrics.expose() })
  log.info({ address: settings.address, port: rpc.port, trustDomain: settings.trustDomain }, 'certificate authority is ready')
  return {
    port: rpc.port,
    monitoringPort: monitoring.port,
    close: () => close(rpc, [() => monitoring.close(), () => identity.close(), () => metrics.close()]),
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
