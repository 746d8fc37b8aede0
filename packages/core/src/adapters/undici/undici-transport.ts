import { Agent, buildConnector, fetch } from 'undici'
import type { Endpoint } from '../../view/cluster.ts'
import type { Transport } from '../fetch/transport.ts'

/** A transport that dials the endpoint and keeps URL and `host` header as the application wrote them. */
export interface UndiciTransport {
  readonly transport: Transport
  /** Closes idle connections and waits for calls under way. */
  close(): Promise<void>
}

type UndiciInit = NonNullable<Parameters<typeof fetch>[1]>

/** Endpoints whose connections are kept; the one that was not used for longest leaves. */
const MAX_ENDPOINTS = 256

/** Sends by undici, with one pool of connections per endpoint. */
export function undiciTransport(): UndiciTransport {
  const agents = new Map<string, Agent>()
  return {
    transport: ({ url, endpoint, init }) => {
      const dispatcher = agentFor(agents, endpoint)
      return fetch(url, { ...(init as unknown as UndiciInit), dispatcher }) as unknown as Promise<Response>
    },
    async close() {
      await Promise.all([...agents.values()].map((agent) => agent.close()))
      agents.clear()
    },
  }
}

function agentFor(agents: Map<string, Agent>, endpoint: Endpoint): Agent {
  const place = `${endpoint.address} ${endpoint.port}`
  const agent = agents.get(place) ?? dialling(endpoint)
  agents.delete(place)
  agents.set(place, agent)
  if (agents.size > MAX_ENDPOINTS) dropOldest(agents)
  return agent
}

/** Whatever the URL says, the connection goes to the endpoint; TLS still verifies the name of the URL. */
function dialling({ address, port }: Endpoint): Agent {
  const connect = buildConnector({})
  return new Agent({
    connect: (options, callback) =>
      connect({ ...options, hostname: address, port: String(port), servername: options.servername ?? options.hostname }, callback),
  })
}

function dropOldest(agents: Map<string, Agent>): void {
  for (const [place, agent] of agents) {
    agents.delete(place)
    void agent.close()
    return
  }
}
