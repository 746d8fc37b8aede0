import { configDump } from '@mesh/xds'
import type { NodePlane } from '../node-plane.ts'
import type { NodeSettings } from '../settings.ts'
import { json, type AdminReply } from './routes.ts'

/** Envoy's `/config_dump` of the view in force; secrets without their keys. */
export function configDumpPage(plane: NodePlane, settings: NodeSettings): AdminReply {
  const { view } = plane.engine
  const svid = plane.identity.current?.svid
  const secrets =
    svid === undefined
      ? []
      : [
          { name: 'default', certChainPem: svid.certChainPem },
          { name: 'ROOTCA', rootsPem: svid.rootsPem },
        ]
  return json(configDump(view, { secrets, version: view.snapshot, lastUpdatedMs: plane.viewSinceMs, node: settings.node }))
}
