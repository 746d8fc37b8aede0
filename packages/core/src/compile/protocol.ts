import type { Cluster } from '../view/cluster.ts'

/** What a service port speaks. `auto` is not said: HTTP to a caller that speaks HTTP, opaque bytes otherwise; `udp` is all that is no TCP. */
export type Protocol = 'http' | 'h2' | 'tls' | 'tcp' | 'udp' | 'auto'

interface PortWords {
  readonly name?: string | undefined
  readonly number: number
  /** `appProtocol` of a Service port. */
  readonly appProtocol?: string | undefined
}

/** Istio's protocol selection for a Kubernetes port: `appProtocol`, else the prefix of its name, else the well-known server-first ports. */
export function protocolOfPort(port: PortWords): Protocol {
  const said = port.appProtocol === undefined ? undefined : byWord(port.appProtocol)
  if (said !== undefined) return said
  const named = port.name === undefined ? undefined : byPrefix(port.name.toLowerCase())
  return named ?? (SERVER_FIRST_PORTS.has(port.number) ? 'tcp' : 'auto')
}

/** The protocol of a Gateway, ServiceEntry or Sidecar port, by its own word. */
export function protocolOfWord(word: string | undefined): Protocol {
  return (word === undefined ? undefined : byWord(word)) ?? 'auto'
}

/** Whether requests to such a port can be routed one by one. */
export function isHttp(protocol: Protocol): boolean {
  return protocol === 'http' || protocol === 'h2' || protocol === 'auto'
}

/** How requests or bytes go on to such a port: HTTP unless it says otherwise, for what reaches an `auto` port through routes is HTTP. */
export function carriedAs(protocol: Protocol): Cluster['protocol'] {
  return CARRIED[protocol]
}

const CARRIED: Readonly<Record<Protocol, Cluster['protocol']>> = {
  http: 'http/1.1',
  auto: 'http/1.1',
  h2: 'h2',
  tls: 'tcp',
  tcp: 'tcp',
  udp: 'tcp',
}

function byWord(word: string): Protocol | undefined {
  return WORDS.get(word.toLowerCase())
}

function byPrefix(name: string): Protocol | undefined {
  if (name === 'grpc-web' || name.startsWith('grpc-web-')) return 'http'
  return WORDS.get(name.split('-')[0] ?? '')
}

const WORDS: ReadonlyMap<string, Protocol> = new Map([
  ['http', 'http'],
  ['http_proxy', 'http'],
  ['grpc-web', 'http'],
  ['kubernetes.io/ws', 'http'],
  ['ws', 'http'],
  ['http2', 'h2'],
  ['grpc', 'h2'],
  ['kubernetes.io/h2c', 'h2'],
  ['https', 'tls'],
  ['tls', 'tls'],
  ['wss', 'tls'],
  ['kubernetes.io/wss', 'tls'],
  ['tcp', 'tcp'],
  ['mongo', 'tcp'],
  ['redis', 'tcp'],
  ['mysql', 'tcp'],
  ['udp', 'udp'],
])

/** SMTP, DNS, MySQL, MongoDB: their servers speak first. */
const SERVER_FIRST_PORTS: ReadonlySet<number> = new Set([25, 53, 3306, 27017])
