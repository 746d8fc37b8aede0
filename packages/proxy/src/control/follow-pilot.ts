import type { SvidSource } from '@mesh/core/identity'
import { spiffeId, type View } from '@mesh/core/view'
import { dial } from '@mesh/rpc'
import { connectAds, type AdsClient, type AdsState, type Rejection } from '@mesh/xds'
import type { ListenerFailure } from '../listen/listener-set.ts'
import type { NodePlane } from '../node-plane.ts'
import type { ProxySettings } from '../settings.ts'
import type { ViewStore } from '../state/view-store.ts'

/** What a proxy hears from its control plane. */
export interface PilotLink {
  readonly state: AdsState
  close(): void
}

export interface PilotLinkOptions {
  readonly settings: ProxySettings
  readonly source: SvidSource | undefined
  readonly plane: NodePlane
  readonly store: ViewStore
  /** The view that is in force already. */
  readonly initial: View | undefined
  readonly onView: (view: View, change: { readonly endpointsOnly: boolean }, rejections: readonly Rejection[]) => void
  readonly onState: (state: AdsState) => void
  readonly onProblem: (error: unknown) => void
}

/** Subscribes to this node's view; each one is put in force, stored, and answered with what of it could not be had. */
export function followPilot(options: PilotLinkOptions): PilotLink {
  const { settings, source, plane, store, initial } = options
  const { node } = settings
  const expect = spiffeId({ trustDomain: node.trustDomain, namespace: 'istio-system', serviceAccount: 'istio-pilot' })
  const channel = dial({ address: settings.pilotAddress, ...(source === undefined ? {} : { identity: source, expect: [expect] }) })
  const client: AdsClient = connectAds({
    channel,
    node,
    mode: settings.xdsMode,
    ...(initial === undefined ? {} : { initial }),
    async onView(view, change) {
      const rejections = (await plane.apply(view)).map(rejectionOf)
      if (rejections.length === 0) store.save(view)
      options.onView(view, change, rejections)
      return rejections
    },
    pending: () => plane.listeners.unbound.map(rejectionOf),
    onState: options.onState,
    onError: options.onProblem,
  })
  const unwatch = plane.listeners.watch(() => client.review())
  return {
    get state() {
      return client.state
    },
    close() {
      unwatch()
      client.close()
      channel.close()
    },
  }
}

function rejectionOf({ listener, reason }: ListenerFailure): Rejection {
  return { type: 'LDS', resource: listener, reason }
}
