import type { DescMessage, MessageInitShape, MessageShape } from '@bufbuild/protobuf'
import type { NodeSelf, View } from '@mesh/core/view'
import { implement, RpcError, type RpcContext, type RpcPeer, type RpcService, type StreamListener, type StreamWriter } from '@mesh/rpc'
import type { Node } from '@mesh/rpc/gen/envoy/config/core/v3/base_pb'
import { AggregatedDiscoveryService } from '@mesh/rpc/gen/envoy/service/discovery/v3/ads_pb'
import type {
  DeltaDiscoveryRequestSchema,
  DeltaDiscoveryResponseSchema,
  DiscoveryRequestSchema,
  DiscoveryResponseSchema,
} from '@mesh/rpc/gen/envoy/service/discovery/v3/discovery_pb'
import { decodeNode } from '../codec/node.ts'
import { MAX_CLIENTS, MAX_NAMES } from '../limits.ts'
import { resourceTypeOf } from '../resource-type.ts'
import type { TypeRequest, TypeResponse } from '../subscription/request.ts'
import { encodeView, type Resources } from '../view-codec.ts'
import { Client, type ClientStatus } from './client.ts'
import { createPushQueue } from './push-queue.ts'
import { deltaRequest, deltaResponse, sotwRequest, sotwResponse } from './wire.ts'

export interface AdsServerOptions {
  /** Why this peer may not have the view of this node; undefined when it may. */
  readonly authorize: (node: NodeSelf, peer: RpcPeer) => string | undefined
  /** The view of a node right now; undefined while there is none to serve. */
  readonly viewOf: (node: NodeSelf) => View | undefined
  /** Number of the state of the configuration that `viewOf` answers from, told back in statuses; default 0. */
  readonly sequence?: () => number
  /** How a view is told to a node; default `encodeView`. For clients that are no proxies and want it otherwise. */
  readonly encode?: (view: View, node: NodeSelf) => Resources
  /** Called on each change of a client's state; `closed` once when it has gone. */
  readonly onStatus?: (status: ClientStatus, closed: boolean) => void
  /** Told of what `viewOf` threw; the client keeps its last view. */
  readonly onError: (error: unknown, node: NodeSelf) => void
  /** Unix milliseconds. */
  readonly wallClock?: () => number
}

export interface AdsServer {
  /** For `serve`. */
  readonly service: RpcService
  /** Asks `viewOf` again for the clients that `which` names (default all), and sends each what changed for it. Never queues states. */
  push(which?: (node: NodeSelf) => boolean): void
  status(): readonly ClientStatus[]
  /** Ends all streams; the clients come back. */
  close(): void
}

/** Serves views by Envoy's aggregated discovery service, state of the world and delta. */
export function createAdsServer(options: AdsServerOptions): AdsServer {
  const clients = new Map<Client, StreamWriter<DescMessage>>()
  const queue = createPushQueue<Client>((client) => serveView(client, options))
  const accept = acceptor(options, clients)
  return {
    service: implement(AggregatedDiscoveryService, {
      streamAggregatedResources: (writer, context) => accept(SOTW, writer, context),
      deltaAggregatedResources: (writer, context) => accept(DELTA, writer, context),
    }),
    push: (which = () => true) => {
      for (const client of clients.keys()) if (which(client.node)) queue.add(client)
    },
    status: () => [...clients.keys()].map((client) => client.status),
    close: () => {
      queue.close()
      for (const writer of clients.values()) writer.end(new RpcError('UNAVAILABLE', 'the server is going away'))
    },
  }
}

/** One variant of the protocol: how its messages read and write. */
interface Variant<I extends DescMessage, O extends DescMessage> {
  readonly mode: 'sotw' | 'delta'
  readonly head: (message: MessageShape<I>) => RequestMessage
  readonly read: (message: MessageShape<I>) => TypeRequest
  readonly write: (response: TypeResponse) => MessageInitShape<O>
}

const SOTW: Variant<typeof DiscoveryRequestSchema, typeof DiscoveryResponseSchema> = {
  mode: 'sotw',
  head: (message) => message,
  read: sotwRequest,
  write: sotwResponse,
}
const DELTA: Variant<typeof DeltaDiscoveryRequestSchema, typeof DeltaDiscoveryResponseSchema> = {
  mode: 'delta',
  head: (message) => message,
  read: deltaRequest,
  write: deltaResponse,
}

interface RequestMessage {
  readonly node?: Node | undefined
  readonly typeUrl: string
}

function acceptor(options: AdsServerOptions, clients: Map<Client, StreamWriter<DescMessage>>) {
  return <I extends DescMessage, O extends DescMessage>(
    variant: Variant<I, O>,
    writer: StreamWriter<O>,
    { peer }: RpcContext,
  ): StreamListener<I> => {
    if (clients.size >= MAX_CLIENTS) throw new RpcError('RESOURCE_EXHAUSTED', `more than ${MAX_CLIENTS} clients`)
    let client: Client | undefined
    const greet = (message: RequestMessage): Client => {
      const node = admitted(message.node, peer, options)
      const send = (response: TypeResponse) => writer.write(variant.write(response))
      const onStatus = (status: ClientStatus) => options.onStatus?.(status, false)
      const greeted = new Client({ node, peer, mode: variant.mode, connectedAtMs: (options.wallClock ?? Date.now)(), send, onStatus })
      clients.set(greeted, writer)
      serveView(greeted, options)
      return greeted
    }
    return {
      onMessage: (message) => {
        const head = variant.head(message)
        client ??= greet(head)
        const type = resourceTypeOf(head.typeUrl)
        // A type that is not served is not an error: clients ask for more than every server has.
        if (type !== undefined) client.onRequest(type, bounded(variant.read(message)))
      },
      onDrain: () => client?.onDrain(),
      onEnd: () => writer.end(),
      onClose: () => {
        if (client === undefined) return
        clients.delete(client)
        options.onStatus?.(client.status, true)
      },
    }
  }
}

/** The node that a stream speaks for, when the peer may speak for it. */
function admitted(node: Node | undefined, peer: RpcPeer, options: AdsServerOptions): NodeSelf {
  if (node === undefined) throw new RpcError('INVALID_ARGUMENT', 'the first request must name its node')
  const decoded = decodeNode(node)
  if (decoded.kind === 'refused') throw new RpcError('INVALID_ARGUMENT', decoded.reason)
  const refusal = options.authorize(decoded.self, peer)
  if (refusal !== undefined) throw new RpcError('PERMISSION_DENIED', refusal)
  return decoded.self
}

function serveView(client: Client, options: AdsServerOptions): void {
  try {
    const view = options.viewOf(client.node)
    if (view === undefined) return
    const stamp = { snapshot: view.snapshot, sequence: options.sequence?.() ?? 0 }
    client.serve(stamp, options.encode?.(view, client.node) ?? encodeView(view))
  } catch (error) {
    options.onError(error, client.node)
  }
}

function bounded(request: TypeRequest): TypeRequest {
  const names = request.kind === 'sotw' ? request.names.length : request.subscribe.length + request.unsubscribe.length
  if (names > MAX_NAMES) throw new RpcError('INVALID_ARGUMENT', `more than ${MAX_NAMES} names`)
  return request
}
