import type { NodeSelf, View } from '@mesh/core/view'
import { dial, serve, type RpcChannel, type RpcServer } from '@mesh/rpc'
import { connectAds, type AdsClient, type AdsClientOptions, type AdsState } from '../client/ads-client.ts'
import { createAdsServer, type AdsServer } from '../server/ads-server.ts'
import type { ClientStatus } from '../server/client.ts'
import type { Rejection } from '../resource.ts'
import { NODE } from './shop.ts'

/** What nobody expects fails the test run. */
export function rethrow(error: unknown): never {
  throw error
}

/** Facts that a test waits for: each call of `until` looks at the state after every change. */
export class Facts {
  readonly #waiting = new Set<() => void>()

  changed(): void {
    for (const look of this.#waiting) look()
  }

  until<T>(look: () => T | undefined | false): Promise<T> {
    return new Promise((resolve, reject) => {
      const check = () => {
        try {
          const found = look()
          if (found === undefined || found === false) return
          resolve(found)
        } catch (error) {
          reject(error)
        }
        this.#waiting.delete(check)
      }
      this.#waiting.add(check)
      check()
    })
  }
}

export interface ServerSide {
  readonly ads: AdsServer
  readonly rpc: RpcServer
  readonly address: string
  view: View | undefined
  readonly facts: Facts
  /** Serves this view to all. */
  show(view: View): void
  statusOf(node?: NodeSelf): ClientStatus | undefined
  stop(): Promise<void>
}

export async function startServer(
  first?: View,
  authorize: (node: NodeSelf) => string | undefined = () => undefined,
  port = 0,
): Promise<ServerSide> {
  const facts = new Facts()
  const side = { view: first }
  const ads = createAdsServer({
    authorize,
    viewOf: () => side.view,
    onStatus: () => queueMicrotask(() => facts.changed()),
    onError: rethrow,
  })
  const rpc = await serve({ address: '127.0.0.1', port, services: [ads.service], onError: rethrow })
  return Object.assign(side, {
    ads,
    rpc,
    address: `127.0.0.1:${rpc.port}`,
    facts,
    show(view: View) {
      side.view = view
      ads.push()
    },
    statusOf: (node = NODE) => ads.status().find((status) => status.node.name === node.name),
    stop: async () => {
      ads.close()
      await rpc.close(0)
    },
  })
}

export interface Seen {
  readonly view: View
  readonly endpointsOnly: boolean
}

export interface ClientSide {
  readonly client: AdsClient
  readonly channel: RpcChannel
  readonly seen: Seen[]
  readonly states: AdsState[]
  readonly facts: Facts
  stop(): void
}

export function startClient(
  address: string,
  options: Partial<AdsClientOptions> & { judge?: (view: View) => Rejection[] } = {},
): ClientSide {
  const facts = new Facts()
  const seen: Seen[] = []
  const states: AdsState[] = []
  const channel = dial({ address, limits: { reconnectBaseMs: 20, reconnectMaxMs: 50 } })
  const client = connectAds({
    channel,
    node: NODE,
    mode: 'delta',
    onView: (view, change) => {
      const rejections = options.judge?.(view) ?? []
      if (rejections.length === 0) seen.push({ view, ...change })
      queueMicrotask(() => facts.changed())
      return rejections
    },
    onState: (state) => {
      states.push(state)
      queueMicrotask(() => facts.changed())
    },
    onError: rethrow,
    ...options,
  })
  const stop = () => {
    client.close()
    channel.close()
  }
  return { client, channel, seen, states, facts, stop }
}
