import { compileView } from '@mesh/core/compile'
import type { ConfigSource, Finding } from '@mesh/core/config'
import { buildSnapshot, objectsOf, type Snapshot } from '@mesh/core/snapshot'
import type { NodeSelf, View } from '@mesh/core/view'
import type { StandaloneFlags } from './flags.ts'
import { withFilesIn } from './named-files.ts'
import { nodeOf } from './node-of.ts'

/** What the files of a folder mean for the one proxy that serves them. */
export interface CompiledFolder {
  readonly snapshot: Snapshot
  readonly node: NodeSelf
  readonly view: View
  readonly findings: readonly Finding[]
}

/** Broken objects keep the form that they had in `previous`. Throws an Error when it is not clear who the proxy is. */
export function compileFolder(
  flags: StandaloneFlags,
  sources: readonly ConfigSource[],
  previous: CompiledFolder | undefined,
): CompiledFolder {
  const snapshot = buildSnapshot({ sources, ...(previous === undefined ? {} : { previous: previous.snapshot }) })
  const found: Finding[] = []
  // Kind and address are those of the start: the pages of the process are served there.
  const pinned = previous === undefined ? flags : { ...flags, as: previous.node.kind, address: previous.node.address }
  const node = nodeOf(pinned, snapshot)
  const view = withFilesIn(
    compileView(snapshot, node, (finding) => found.push(finding)),
    flags.directory,
  )
  return { snapshot, node, view, findings: [...snapshot.findings, ...found] }
}

/** Gateways that are for other proxies, with what they select: `default/web (istio=edge)`. */
export function foreignGateways({ snapshot, node }: CompiledFolder): readonly string[] {
  if (node.kind !== 'gateway') return []
  return objectsOf(snapshot, 'Gateway').flatMap(({ meta, body }) => {
    const wanted = Object.entries(body.selector ?? {})
    if (wanted.every(([key, value]) => node.labels[key] === value)) return []
    return [`${meta.namespace}/${meta.name} (${wanted.map(([key, value]) => `${key}=${value}`).join(',')})`]
  })
}
