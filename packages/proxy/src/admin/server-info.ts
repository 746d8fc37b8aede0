import { X509Certificate } from 'node:crypto'
import type { ListenerFailure } from '../listen/listener-set.ts'
import type { NodePlane } from '../node-plane.ts'
import type { NodeSettings } from '../settings.ts'
import { nodeId } from '@mesh/core/view'
import { json, text, type AdminReply } from './routes.ts'

export type ProxyState = 'PRE_INITIALIZING' | 'LIVE' | 'DRAINING'

/** Envoy's `/server_info`. */
export function serverInfoPage(facts: {
  readonly settings: NodeSettings
  readonly state: ProxyState
  readonly startedMs: number
  readonly version: string
}): AdminReply {
  const { settings, state, startedMs, version } = facts
  return json({
    version,
    state,
    uptime_current_epoch: `${Math.floor((Date.now() - startedMs) / 1000)}s`,
    hot_restart_version: 'disabled',
    command_line_options: {
      service_node: nodeId(settings.node),
      service_cluster: settings.node.cluster,
      concurrency: settings.concurrency,
    },
    node: { id: nodeId(settings.node), cluster: `${settings.node.workload}.${settings.node.namespace}`, metadata: settings.node },
  })
}

/** Envoy's `/ready`: 503 until the first view and SVID are there and its listeners bound, and again while draining. */
export function readyPage(state: ProxyState, unbound: readonly ListenerFailure[] = []): AdminReply {
  const why = state === 'PRE_INITIALIZING' ? unbound.map(({ listener, reason }) => `${listener}: ${reason}`) : []
  return text([state, ...why].join('\n'), state === 'LIVE' ? 200 : 503)
}

/** Envoy's `/certs`, without keys. */
export function certsPage(identity: NodePlane['identity']): AdminReply {
  const svid = identity.current?.svid
  if (svid === undefined) return json({ certificates: [] })
  return json({
    certificates: [
      {
        ca_cert: [{ path: '<inline>', pem: svid.rootsPem }],
        cert_chain: [
          {
            path: '<inline>',
            serial_number: new X509Certificate(svid.certChainPem).serialNumber.toLowerCase(),
            subject_alt_names: [{ uri: svid.spiffeId }],
            valid_from: new Date(svid.notBeforeMs).toISOString(),
            expiration_time: new Date(svid.notAfterMs).toISOString(),
            days_until_expiration: String(Math.floor((svid.notAfterMs - Date.now()) / 86_400_000)),
          },
        ],
      },
    ],
  })
}
