import type { Snapshot } from '@mesh/core/snapshot'
import type { NodeSelf } from '@mesh/core/view'
import { EXPOSITION_TYPE } from '@mesh/telemetry'
import type { ClientStatus } from '@mesh/xds'
import type { PilotRecords } from '../records/pilot-records.ts'
import { recordsOf } from '../records/records-page.ts'
import { objectsOf } from '../status/objects-page.ts'
import { propagationOf, type PropagationFacts } from '../status/propagation-page.ts'

/** What the debug pages show. */
export interface DebugFacts extends PropagationFacts {
  /** Whether nodes can be served: there is a snapshot, and a certificate where one is needed. */
  readonly ready: () => boolean
  readonly clients: () => readonly ClientStatus[]
  /** A connected or registered node by `NAME.NAMESPACE`. */
  readonly node: (name: string) => NodeSelf | undefined
  readonly metrics: () => string
  readonly records: PilotRecords
  readonly version: string
}

/** One answer of the debug server. */
export interface Page {
  readonly status: number
  /** Media type. */
  readonly type: string
  readonly body: string
}

/** The page at a path; undefined where there is none. */
export function pageAt(url: URL, facts: DebugFacts): Page | undefined {
  switch (url.pathname) {
    case '/ready':
      return facts.ready() ? text(200, 'ready\n') : text(503, 'no configuration or no certificate yet\n')
    case '/metrics':
      return { status: 200, type: EXPOSITION_TYPE, body: facts.metrics() }
    case '/debug/syncz':
      return json(facts.clients().toSorted(byNode))
    case '/debug/findings':
      return json(facts.findings())
    case '/debug/snapshot':
      return json(snapshotFacts(facts.snapshot()))
    case '/debug/objects':
      return json(objectsOf(url.searchParams, facts))
    case '/debug/propagation':
      return answered(propagationOf(url.searchParams, facts))
    case '/debug/records':
      return answered(recordsOf(url.searchParams, facts.records))
    case '/version':
      return json({ version: facts.version })
    case '/debug/view':
      return viewPage(url.searchParams.get('node') ?? '', facts)
    default:
      return undefined
  }
}

function byNode(left: ClientStatus, right: ClientStatus): number {
  return keyOf(left) < keyOf(right) ? -1 : 1
}

function keyOf({ node, connectedAtMs }: ClientStatus): string {
  return `${node.namespace}/${node.name} ${connectedAtMs}`
}

function snapshotFacts(snapshot: Snapshot | undefined): unknown {
  if (snapshot === undefined) return { hash: '', objects: [], quarantined: [] }
  const objects = snapshot.objects.map(({ kind, apiVersion, meta, origin }) => ({
    kind,
    apiVersion,
    namespace: meta.namespace,
    name: meta.name,
    file: origin.file,
    line: origin.line,
  }))
  return { hash: snapshot.hash, objects, quarantined: snapshot.quarantined }
}

function viewPage(name: string, facts: DebugFacts): Page {
  const node = facts.node(name)
  const view = node === undefined ? undefined : facts.viewOf(node)
  if (view === undefined) return text(404, `no node ${JSON.stringify(name)}: write ?node=NAME.NAMESPACE\n`)
  return json(view)
}

/** What was asked for, or a sentence that says why not. */
function answered(answer: unknown): Page {
  return typeof answer === 'string' ? text(400, `${answer}\n`) : json(answer)
}

function json(value: unknown): Page {
  return { status: 200, type: 'application/json', body: `${JSON.stringify(value)}\n` }
}

function text(status: number, body: string): Page {
  return { status, type: 'text/plain; charset=utf-8', body }
}
