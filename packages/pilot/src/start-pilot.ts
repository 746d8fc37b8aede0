import type { SvidSource } from '@mesh/core/identity'
import { startFileSource } from '@mesh/files'
import { serve } from '@mesh/rpc'
import { startSvidSource } from '@mesh/x509/svid'
import { createControl } from './control.ts'
import { startDebugServer } from './debug/server.ts'
import { CLOSE_GRACE_MS } from './limits.ts'
import { reasonOf, type Log } from './log.ts'
import type { PilotSettings } from './settings.ts'

/** The control plane at work. */
export interface Pilot {
  readonly xdsPort: number
  readonly monitoringPort: number
  /** Ends streams and watches; resolves when nothing runs any more. */
  close(): Promise<void>
}

/**
 * Starts the control plane: reads the configuration, then serves each node its view. Rejects when it cannot bind.
 * Its identity comes from the certificate authority that the settings name; without one, views are served in plain text.
 */
export async function startPilot(settings: PilotSettings, log: Log, identity = identityOf(settings, log)): Promise<Pilot> {
  const { address, xdsPort, monitoringPort, configDirs, registryDirs } = settings
  const control = createControl(settings, { identity, log })
  const onError = (error: unknown): void => log('error', 'xds', { reason: reasonOf(error) })
  const source = await startFileSource({ directories: [...configDirs, ...registryDirs], onSources: control.take, log })
  const { onRefused } = control
  const rpc = await serve({ address, port: xdsPort, services: [control.ads.service], identity, onError, onRefused })
  const debug = await startDebugServer({ address, port: monitoringPort, facts: control.facts, log })
  log('info', 'serving', { address, xds: rpc.port, monitoring: debug.port, identity: identity !== undefined })
  return {
    xdsPort: rpc.port,
    monitoringPort: debug.port,
    close: async () => {
      await source.close()
      control.close()
      identity?.close()
      await Promise.all([rpc.close(CLOSE_GRACE_MS), debug.close()])
    },
  }
}

/** Pilot proves itself as the account `istio-pilot` of `istio-system`. */
function identityOf({ identity, trustDomain }: PilotSettings, log: Log): SvidSource | undefined {
  if (identity === null) return undefined
  const self = { trustDomain, namespace: 'istio-system', serviceAccount: 'istio-pilot' }
  return startSvidSource({ ...identity, self, onProblem: (error) => log('warn', 'no certificate yet', { reason: reasonOf(error) }) })
}
