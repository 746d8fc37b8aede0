import { isIp } from '../../config/fields/host.ts'
import type { ServiceEntry } from '../bodies.ts'
import { protocolOfWord } from '../protocol.ts'
import { isEmpty } from '../selector.ts'
import { instanceOfEndpoint, type Instance } from './instance.ts'
import type { MeshService } from './service.ts'

/** A ServiceEntry as services of the mesh: one for each of its hosts. */
export function entryServices(object: ServiceEntry, defaultExportTo: readonly string[]): readonly MeshService[] {
  const { meta, body } = object
  const labels = body.workloadSelector?.labels
  return body.hosts.map((written) => {
    const host = written.toLowerCase()
    const inline = inlineOf(object, host)
    return {
      host,
      name: host,
      namespace: meta.namespace,
      ports: (body.ports ?? []).map((port, index) => ({
        number: port.number,
        name: port.name,
        protocol: protocolOfWord(port.protocol),
        target: port.targetPort,
        path: ['spec', 'ports', index],
      })),
      resolution: resolutionOf(object, inline),
      external: body.location !== 'MESH_INTERNAL',
      selector: isEmpty(labels) ? undefined : labels,
      inline,
      exportTo: body.exportTo === undefined || body.exportTo.length === 0 ? defaultExportTo : body.exportTo,
      addresses: (body.addresses ?? []).filter(isIp),
      subjectAltNames: body.subjectAltNames ?? [],
      object,
    }
  })
}

/** Without endpoints or a selector, a DNS service is where its own name points. */
function inlineOf(object: ServiceEntry, host: string): readonly Instance[] {
  const { body, meta } = object
  const listed = body.endpoints ?? []
  const bare = listed.length === 0 && isEmpty(body.workloadSelector?.labels) && isDns(body.resolution) && !host.startsWith('*')
  const endpoints = bare ? [{ address: host }] : listed
  return endpoints.map((endpoint) => instanceOfEndpoint(endpoint, meta.namespace, meta.name)).filter((one) => one !== undefined)
}

function resolutionOf(object: ServiceEntry, inline: readonly Instance[]): MeshService['resolution'] {
  const { resolution } = object.body
  if (resolution === undefined || resolution === 'NONE') return 'none'
  return isDns(resolution) && !(inline.length > 0 && inline.every((one) => isIp(one.address))) ? 'dns' : 'endpoints'
}

function isDns(resolution: string | undefined): boolean {
  return resolution === 'DNS' || resolution === 'DNS_ROUND_ROBIN' || resolution === 'DYNAMIC_DNS'
}
