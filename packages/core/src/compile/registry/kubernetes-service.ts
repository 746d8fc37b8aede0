import type { Service } from '../bodies.ts'
import { serviceHost } from '../names.ts'
import { protocolOfPort } from '../protocol.ts'
import { isEmpty } from '../selector.ts'
import { instanceOfEndpoint, type Instance } from './instance.ts'
import type { MeshService, ServicePort } from './service.ts'

/** A Kubernetes Service as a service of the mesh. */
export function kubernetesService(object: Service, defaultExportTo: readonly string[]): MeshService {
  const { meta, body } = object
  const alias = body.type === 'ExternalName' ? body.externalName : undefined
  return {
    host: serviceHost(meta.name, meta.namespace),
    name: meta.name,
    namespace: meta.namespace,
    ports: (body.ports ?? []).map(port),
    resolution: alias === undefined ? 'endpoints' : 'dns',
    external: alias !== undefined,
    selector: isEmpty(body.selector) ? undefined : body.selector,
    inline: alias === undefined ? [] : aliasOf(alias, meta.namespace),
    exportTo: listed(meta.annotations['networking.istio.io/exportTo']) ?? defaultExportTo,
    addresses: (body.clusterIPs ?? [body.clusterIP ?? '']).filter((address) => address !== '' && address !== 'None'),
    subjectAltNames: accountsOf(object),
    object,
  }
}

function port(body: NonNullable<Service['body']['ports']>[number], index: number): ServicePort {
  const isTcp = body.protocol === undefined || body.protocol === 'TCP'
  const protocol = !isTcp ? 'udp' : protocolOfPort({ number: body.port, name: body.name, appProtocol: body.appProtocol })
  return { number: body.port, name: body.name ?? '', protocol, target: body.targetPort, path: ['spec', 'ports', index] }
}

function aliasOf(name: string, namespace: string): readonly Instance[] {
  const found = instanceOfEndpoint({ address: name }, namespace, name)
  return found === undefined ? [] : [found]
}

/** Istio's annotations for accounts that serve from outside the cluster's own registry. */
function accountsOf(object: Service): readonly string[] {
  const { annotations, namespace } = object.meta
  const local = listed(annotations['alpha.istio.io/kubernetes-serviceaccounts']) ?? []
  const full = listed(annotations['alpha.istio.io/canonical-serviceaccounts']) ?? []
  return [...full.map((id) => (id.startsWith('spiffe://') ? id : `spiffe://${id}`)), ...local.map((account) => `${namespace}/${account}`)]
}

function listed(text: string | undefined): readonly string[] | undefined {
  const parts = text
    ?.split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
  return parts === undefined || parts.length === 0 ? undefined : parts
}
