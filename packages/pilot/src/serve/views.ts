import { compileEndpoints, compileView, nodesOf, workloadsOf, type Change, type Report } from '@mesh/core/compile'
import type { Finding } from '@mesh/core/config'
import type { Snapshot } from '@mesh/core/snapshot'
import type { NodeSelf, View } from '@mesh/core/view'
import { LIMITS } from '../limits.ts'
import type { KnownNode } from './admission.ts'

/** The views of the snapshot in force, made when they are asked for and kept while they hold. */
export interface Views {
  /** A new snapshot is in force; a change of endpoints alone keeps everything else of the views that are there. */
  use(snapshot: Snapshot, change: Change): void
  /** The view of a node as the registry knows it; undefined before the first snapshot. */
  of(node: KnownNode): View | undefined
  /** A stream of a node has ended: the view of one that is not registered goes with it, as there is no bound of such names. */
  leave(node: KnownNode): void
  /** What compiling found out about the views that are there. */
  readonly findings: readonly Finding[]
}

interface Kept {
  readonly of: KnownNode
  readonly view: View
  readonly findings: readonly Finding[]
}

export function createViews(): Views {
  let snapshot: Snapshot | undefined
  let kept = new Map<string, Kept>()
  return {
    use: (next, change) => {
      // Of a full change nothing is kept; of an endpoint change, views are brought up to date when they are asked for.
      if (change !== 'endpoints') kept = new Map()
      else forgetGone(kept, next)
      snapshot = next
    },
    of: (one) => {
      if (snapshot === undefined) return undefined
      const key = keyOf(one)
      const known = kept.get(key)
      if (known?.view.snapshot === snapshot.hash) return known.view
      const made = known === undefined ? make(snapshot, one) : { ...known, view: withEndpoints(known.view, snapshot, one.node) }
      if (known === undefined && kept.size >= LIMITS.maxViews) kept.delete(kept.keys().next().value ?? '')
      kept.set(key, made)
      return made.view
    },
    leave: (one) => {
      if (!one.registered) kept.delete(keyOf(one))
    },
    get findings() {
      return unique([...kept.values()].flatMap((one) => one.findings))
    },
  }
}

function keyOf({ node, registered }: KnownNode): string {
  return JSON.stringify([node, registered])
}

/** A registration that has gone takes the view with it: the next one of its name may say something else. */
function forgetGone(kept: Map<string, Kept>, snapshot: Snapshot): void {
  const names = new Set(nodesOf(snapshot).map(({ name, namespace }) => `${namespace}/${name}`))
  for (const [key, { of }] of kept) if (of.registered && !names.has(`${of.node.namespace}/${of.node.name}`)) kept.delete(key)
}

function make(snapshot: Snapshot, of: KnownNode): Kept {
  const findings: Finding[] = []
  const report: Report = (finding) => void findings.push(finding)
  return { of, view: { ...compileView(snapshot, of.node, report), workloads: sharedWorkloads(snapshot, of.node.cluster) }, findings }
}

/** The endpoints lane: listeners, routes and clusters are the same values as before. */
function withEndpoints(view: View, snapshot: Snapshot, node: NodeSelf): View {
  return {
    ...view,
    snapshot: snapshot.hash,
    endpoints: compileEndpoints(snapshot, node),
    workloads: sharedWorkloads(snapshot, node.cluster),
  }
}

/** All nodes know the same workloads: as the same values, thousands of them are encoded once for all nodes. */
function sharedWorkloads(snapshot: Snapshot, cluster: string): View['workloads'] {
  const known = workloads.get(snapshot)
  if (known?.cluster === cluster) return known.all
  const all = workloadsOf(snapshot, cluster)
  workloads.set(snapshot, { cluster, all })
  return all
}

const workloads = new WeakMap<Snapshot, { readonly cluster: string; readonly all: View['workloads'] }>()

/** Several nodes find the same about one object. */
function unique(findings: readonly Finding[]): readonly Finding[] {
  return [...new Map(findings.map((finding) => [JSON.stringify([finding.code, finding.origin, finding.message]), finding])).values()]
}
