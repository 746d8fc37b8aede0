import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import type { Origin } from '../config/index.ts'
import { originPlace } from '../config/origin.ts'
import { buildSnapshot } from '../snapshot/index.ts'
import type { HttpFilterChain, TcpFilterChain } from '../view/listener.ts'
import type { NodeSelf } from '../view/node.ts'
import type { View } from '../view/view.ts'
import { compileView, nodesOf } from './index.ts'

/** The first document of a case: whose view, and which parts of it the other file shows, by the beginnings of their names. */
interface Case {
  readonly node: Pick<NodeSelf, 'name' | 'namespace'> & Partial<NodeSelf>
  readonly show?: Partial<Record<'listeners' | 'routes' | 'clusters' | 'endpoints' | 'workloads', readonly string[]>>
  /** The authorization of the inbound port. */
  readonly authz?: number
}

const folder = new URL('./testdata/', import.meta.url)
const read = (name: string): string => readFileSync(new URL(name, folder), 'utf8')
const cases = readdirSync(folder)
  .filter((name) => name.endsWith('.in.yaml'))
  .map((name) => name.slice(0, -'.in.yaml'.length))

test.each(cases)('%s', async (name) => {
  const text = read(`${name}.in.yaml`)
  const split = text.search(/^---$/m)
  const wanted = parse(split < 0 ? text : text.slice(0, split)) as Case
  // Lines before the configuration stay, as comments, so that places in the other file are places in this one.
  const config = split < 0 ? '' : text.slice(0, split).replace(/^/gm, '# ') + text.slice(split)
  const snapshot = buildSnapshot({
    sources: [
      { file: 'shop', text: read('shop.yaml') },
      { file: 'case', text: config },
    ],
  })
  const errors = snapshot.findings.filter((finding) => finding.severity === 'error')
  const found = nodesOf(snapshot).find((one) => one.name === wanted.node.name && one.namespace === wanted.node.namespace)
  if (found === undefined) throw new Error(`no node ${wanted.node.name}`)
  const reports: string[] = []
  const view = compileView(snapshot, { ...found, ...wanted.node }, (finding) =>
    reports.push(`${originPlace(finding.origin)} ${finding.code} ${finding.message}`),
  )
  const shown = {
    ...(errors.length === 0
      ? {}
      : { errors: errors.map((finding) => `${originPlace(finding.origin)} ${finding.code} ${finding.message}`) }),
    ...(reports.length === 0 ? {} : { reports }),
    ...parts(view, wanted),
  }
  await expect(stringify(shown, readable, { lineWidth: 140, aliasDuplicateObjects: false })).toMatchFileSnapshot(
    `testdata/${name}.out.yaml`,
  )
})

test('there are cases', () => {
  expect(cases.length).toBeGreaterThanOrEqual(25)
})

function parts(view: View, { show = {}, authz }: Case): object {
  const named = (asked: readonly string[] | undefined, name: string): boolean => asked?.some((start) => name.startsWith(start)) === true
  const of = {
    listeners: view.listeners.filter((one) => named(show.listeners, one.name)),
    routes: view.routes
      .map((table) => ({ ...table, hosts: table.hosts.filter((host) => named(show.routes, host.name)) }))
      .filter((table) => table.hosts.length > 0 || show.routes?.includes('') === true),
    clusters: view.clusters.filter((one) => named(show.clusters, one.name)),
    endpoints: view.endpoints.filter((one) => named(show.endpoints, one.cluster)),
    workloads: view.workloads.filter((one) => named(show.workloads, one.uid)),
  }
  const asked = Object.entries(of).filter(([part]) => Object.hasOwn(show, part))
  return { ...Object.fromEntries(asked), ...(authz === undefined ? {} : { authz: authzOf(view, authz) }) }
}

function authzOf(view: View, port: number): unknown {
  const listener = view.listeners.find((one) => one.direction === 'inbound' && one.port === port)
  const all = listener?.chains.map((chain) => (chain.filter satisfies HttpFilterChain | TcpFilterChain).authz) ?? []
  // One chain speaks for all of a port with one kind of traffic.
  for (const one of all) expect(one).toEqual(all[0])
  return all[0]
}

/** Origins as `file:line:column field`; retries as Istio would say them, since most routes have the same. */
function readable(key: unknown, value: unknown): unknown {
  if (key === 'origin') return place(value as Origin)
  if (key === 'origins') return (value as readonly Origin[]).map(place)
  if (key === 'retry') {
    const { attempts, on, ...rest } = value as { attempts: number; on: readonly string[] }
    return `${attempts} on ${on.join(',')} ${JSON.stringify(rest)}`
  }
  return value
}

function place(origin: Origin): string {
  return `${originPlace(origin)} ${origin.field ?? origin.kind}`
}
