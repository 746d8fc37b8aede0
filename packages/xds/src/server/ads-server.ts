import type { NodeSelf, View } from '@mesh/core/view'
import { implement, type RpcPeer, type RpcService } from '@mesh/rpc'
import { AggregatedDiscoveryService } from '@mesh/rpc/gen/envoy/service/discovery/v3/ads_pb'
import type { Resources } from '../view-codec.ts'
import type { ClientStatus } from './client.ts'
import { createPushQueue } from './push-queue.ts'
import type { AdsRefusal } from './refusal.ts'
import { Roster, type Member } from './roster.ts'
import { ServedStream } from './served-stream.ts'
import { DELTA, SOTW } from './variant.ts'

export interface AdsServerOptions {
  /** Why this peer may not have the view of this node; undefined when it may. Asked when it comes, and again with each push. */
  readonly authorize: (node: NodeSelf, peer: RpcPeer) => string | undefined
  /** The view of a node right now; undefined while there is none to serve. */
  readonly viewOf: (node: NodeSelf) => View | undefined
  /** Number of the state of the configuration that `viewOf` answers from, told back in statuses; default 0. */
  readonly sequence?: () => number
  /** How a view is told to a node; default `encodeView`. For clients that are no proxies and want it otherwise. */
  readonly encode?: (view: View, node: NodeSelf) => Resources
  /** A node was let in. */
  readonly onConnected?: (node: NodeSelf, peer: RpcPeer) => void
  /** A stream was ended because of what it is or does. */
  readonly onRefused?: (refusal: AdsRefusal) => void
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
  const roster = new Roster()
  const queue = createPushQueue<Member>((member) => roster.members.has(member) && member.refresh())
  let id = 0
  return {
    service: implement(AggregatedDiscoveryService, {
      streamAggregatedResources: (writer, { peer }) => new ServedStream({ variant: SOTW, writer, peer, roster, server: options, id: ++id }),
      deltaAggregatedResources: (writer, { peer }) => new ServedStream({ variant: DELTA, writer, peer, roster, server: options, id: ++id }),
    }),
    push: (which = () => true) => {
      for (const member of roster.members) if (which(member.client.node)) queue.add(member)
    },
    status: () => [...roster.members].map(({ client }) => client.status),
    close: () => {
      queue.close()
      for (const member of roster.members) member.dismiss('the server is going away')
    },
  }
}
