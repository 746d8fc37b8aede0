/** The configuration of a gateway that serves a folder, for whoever starts one: objects of Istio as texts, which are YAML as JSON is. */
export function objectsOf(...objects: readonly object[]): string {
  return objects.map((one) => JSON.stringify(one, undefined, 1)).join('\n---\n')
}

export interface Server {
  readonly port: number
  readonly protocol?: 'HTTP' | 'HTTPS' | 'TCP'
  readonly hosts?: readonly string[]
  /** Files beside the configuration. */
  readonly tls?: { readonly serverCertificate: string; readonly privateKey: string }
}

/** A Gateway with these ports. */
export function gateway(servers: readonly Server[], selector?: Readonly<Record<string, string>>): object {
  return {
    ...networking('Gateway', 'web'),
    spec: {
      ...(selector === undefined ? {} : { selector }),
      servers: servers.map(({ port, protocol = 'HTTP', hosts = ['*'], tls }) => ({
        port: { number: port, name: protocol.toLowerCase(), protocol },
        hosts,
        ...(tls === undefined ? {} : { tls: { mode: 'SIMPLE', ...tls } }),
      })),
    },
  }
}

/** What becomes of requests at that Gateway. */
export function routes(http: readonly object[]): object {
  return { ...networking('VirtualService', 'web'), spec: { hosts: ['*'], gateways: ['web'], http } }
}

/** What becomes of plain bytes that come at a port of it. */
export function tcpRoute(port: number, destination: object): object {
  const tcp = [{ match: [{ port }], route: [{ destination }] }]
  return { ...networking('VirtualService', 'lines'), spec: { hosts: ['*'], gateways: ['web'], tcp } }
}

/** A route to a host, whatever is asked. */
export function routeTo(host: string, port?: number): object {
  return { route: [{ destination: { host, ...(port === undefined ? {} : { port: { number: port } }) } }] }
}

/** An answer that the gateway gives itself. */
export function answer(text: string): object {
  return { directResponse: { status: 200, body: { string: text } } }
}

export interface StaticHost {
  readonly host: string
  readonly port?: number
  readonly protocol?: 'HTTP' | 'GRPC' | 'TCP'
  /** Ports on 127.0.0.1, each of a version. */
  readonly at: Readonly<Record<string, number>>
}

/** A host whose servers are on this machine. */
export function staticHost({ host, port = 80, protocol = 'HTTP', at }: StaticHost): object {
  const name = protocol.toLowerCase()
  const endpoints = Object.entries(at).map(([version, server]) => ({
    address: '127.0.0.1',
    ports: { [name]: server },
    labels: { version },
  }))
  const ports = [{ number: port, name, protocol }]
  return {
    ...networking('ServiceEntry', host.split('.')[0] ?? host),
    spec: { hosts: [host], location: 'MESH_INTERNAL', resolution: 'STATIC', ports, endpoints },
  }
}

/** How a host is called. */
export function trafficPolicy(host: string, policy: object): object {
  return { ...networking('DestinationRule', host.split('.')[0] ?? host), spec: { host, trafficPolicy: policy } }
}

/** The access log goes to standard output. */
export const ACCESS_LOG = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'istio', namespace: 'istio-system' },
  data: { mesh: 'accessLogFile: /dev/stdout' },
}

function networking(kind: string, name: string): { readonly apiVersion: string; readonly kind: string; readonly metadata: object } {
  return { apiVersion: 'networking.istio.io/v1', kind, metadata: { name } }
}
