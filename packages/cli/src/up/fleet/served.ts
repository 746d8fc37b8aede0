import { POLL_MS } from './limits.ts'
import { jsonPage } from './page.ts'

export interface ServedOptions {
  /** Base of pilot's monitoring pages. */
  readonly monitoring: string
  /** The proxies that run now, as NAME.NAMESPACE. */
  readonly proxies: () => readonly string[]
  readonly signal: AbortSignal
}

interface SyncRow {
  readonly node: { readonly name: string; readonly namespace: string }
  readonly snapshot: string
  readonly types: readonly { readonly state: string }[]
}

/** Name of the snapshot that pilot has in force; undefined while it does not answer. */
export async function snapshotOf(monitoring: string): Promise<string | undefined> {
  const page = (await jsonPage(`${monitoring}/debug/snapshot`)) as { readonly hash?: string } | undefined
  return page?.hash
}

/** Waits until pilot has left the snapshot `before` and every proxy that runs has accepted all of the new one; answers who has not in time. */
export async function untilServed(before: string | undefined, options: ServedOptions): Promise<readonly string[]> {
  let late: readonly string[] = ['pilot']
  while (!options.signal.aborted) {
    const hash = await snapshotOf(options.monitoring)
    late = hash === undefined || hash === before ? ['pilot'] : await lateProxies(hash, options)
    if (late.length === 0) return []
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
  return late
}

async function lateProxies(hash: string, { monitoring, proxies }: ServedOptions): Promise<readonly string[]> {
  const rows = (await jsonPage(`${monitoring}/debug/syncz`)) as readonly SyncRow[] | undefined
  if (rows === undefined) return ['pilot']
  const behind = rows.filter((row) => !isAt(row, hash)).map(nameOf)
  const known = new Set(rows.map(nameOf))
  return [...new Set([...behind, ...proxies().filter((name) => !known.has(name))])]
}

function isAt({ snapshot, types }: SyncRow, hash: string): boolean {
  return snapshot === hash && types.every(({ state }) => state === 'SYNCED' || state === 'NOT SENT')
}

function nameOf({ node }: SyncRow): string {
  return `${node.name}.${node.namespace}`
}
