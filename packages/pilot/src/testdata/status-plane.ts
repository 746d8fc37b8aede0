import { objectIdKey } from '@mesh/core/config'
import { nodesOf } from '@mesh/core/compile'
import { buildSnapshot, objectVersion } from '@mesh/core/snapshot'
import type { NodeSelf, View } from '@mesh/core/view'
import { dial } from '@mesh/rpc'
import { connectAds } from '@mesh/xds'
import { startPilot } from '../start-pilot.ts'
import type { ObjectsPage } from '../status/objects-page.ts'
import type { Propagation } from '../status/propagation-page.ts'
import { createFolder, type Folder } from './folder.ts'
import { workload } from './shop.ts'

/** What a proxy says of the parts of a view; a promise is a proxy that takes its time. */
export type Judge = (view: View) => Rejections | Promise<Rejections>
type Rejections = readonly { readonly type: 'LDS' | 'RDS' | 'CDS'; readonly resource: string; readonly reason: string }[]

/** A pilot with its folders, and proxies that can be slow, refuse or die. */
export interface StatusPlane {
  readonly config: Folder
  readonly registry: Folder
  /** Connects a registered proxy; answers how to end it. */
  connect(name: string, judge?: Judge): () => void
  ask(...wants: readonly string[]): Promise<Propagation>
  /** Asks until the answer fits. */
  until(wants: readonly string[], fits: (answer: Propagation) => boolean): Promise<Propagation>
  objects(query?: string): Promise<ObjectsPage>
  page(path: string): Promise<Response>
  stop(): Promise<void>
}

export async function startStatusPlane(
  files: Readonly<Record<string, string>>,
  proxies: Readonly<Record<string, string>>,
): Promise<StatusPlane> {
  const config = createFolder(files)
  const entries = Object.entries(proxies).map(([name, address]) => [`${name}.yaml`, workload(name, address)] as const)
  const registry = createFolder(Object.fromEntries(entries))
  const settings = { address: '127.0.0.1', xdsPort: 0, monitoringPort: 0, configDirs: [config.path], registryDirs: [registry.path] }
  const pilot = await startPilot(
    { ...settings, trustDomain: 'cluster.local', cluster: 'Kubernetes', allowUnregistered: true, identity: null },
    () => {},
  )
  const ends = new Set<() => void>()
  const page = (path: string): Promise<Response> => fetch(`http://127.0.0.1:${pilot.monitoringPort}${path}`)
  const ask = async (...wants: readonly string[]): Promise<Propagation> => {
    const query = wants.map((want) => `want=${encodeURIComponent(want)}`).join('&')
    return (await (await page(`/debug/propagation?${query}`)).json()) as Propagation
  }
  return {
    config,
    registry,
    page,
    ask,
    objects: async (query = '') => (await (await page(`/debug/objects${query}`)).json()) as ObjectsPage,
    connect: (name, judge = () => []) => {
      const channel = dial({ address: `127.0.0.1:${pilot.xdsPort}`, limits: { reconnectBaseMs: 20, reconnectMaxMs: 50 } })
      const client = connectAds({
        channel,
        node: nodeOf(name, proxies[name] ?? ''),
        mode: 'delta',
        onView: judge,
        onState: () => {},
        onError: rethrow,
      })
      const end = (): void => {
        client.close()
        channel.close()
        ends.delete(end)
      }
      ends.add(end)
      return end
    },
    until: async (wants, fits) => {
      for (const startMs = performance.now(); ;) {
        const answer = await ask(...wants)
        if (fits(answer)) return answer
        if (performance.now() - startMs > GIVE_UP_MS) throw new Error(`the last answer was ${JSON.stringify(answer)}`)
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
    },
    stop: async () => {
      for (const end of [...ends]) end()
      await pilot.close()
      config.delete()
      registry.delete()
    },
  }
}

/** `KIND/NAMESPACE/NAME@VERSION` of the only object of a text. */
export function wantOf(text: string): string {
  const [object] = buildSnapshot({ sources: [{ file: 'x', text }] }).objects
  if (object === undefined) throw new Error('no object')
  return `${objectIdKey(object)}@${objectVersion(object)}`
}

function nodeOf(name: string, address: string): NodeSelf {
  const [node] = nodesOf(buildSnapshot({ sources: [{ file: 'x', text: workload(name, address) }] }))
  if (node === undefined) throw new Error(`no node ${name}`)
  return node
}

/** So that a test that fails says what it saw. */
const GIVE_UP_MS = 15_000

function rethrow(error: unknown): never {
  throw error
}
