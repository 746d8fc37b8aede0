import { POLL_MS } from './limits.ts'
import { jsonPage } from './page.ts'

export interface SyncedOptions {
  /** Base of pilot's monitoring pages. */
  readonly monitoring: string
  /** The proxies that run now, as NAME.NAMESPACE. */
  readonly proxies: () => readonly string[]
  readonly signal: AbortSignal
}

export interface Synced {
  /** The snapshot in force; empty while pilot does not answer. */
  readonly snapshot: string
  /** How many proxies have accepted all of it. */
  readonly count: number
  /** Who has not in time. */
  readonly late: readonly string[]
}

interface SyncRow {
  readonly node: { readonly name: string; readonly namespace: string }
  readonly snapshot: string
  readonly types: readonly { readonly state: string }[]
}

/** Waits until every proxy that runs has accepted all of the snapshot in force. */
export async function untilSynced(options: SyncedOptions): Promise<Synced> {
  let synced: Synced = { snapshot: '', count: 0, late: ['pilot'] }
  while (!options.signal.aborted) {
    synced = await syncedNow(options)
    if (synced.late.length === 0) break
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
  return synced
}

export async function syncedNow({ monitoring, proxies }: Pick<SyncedOptions, 'monitoring' | 'proxies'>): Promise<Synced> {
  const page = (await jsonPage(`${monitoring}/debug/snapshot`)) as { readonly hash?: string } | undefined
  const rows = (await jsonPage(`${monitoring}/debug/syncz`)) as readonly SyncRow[] | undefined
  const snapshot = page?.hash ?? ''
  if (snapshot === '' || rows === undefined) return { snapshot, count: 0, late: ['pilot'] }
  const [good, behind] = [rows.filter((row) => isAt(row, snapshot)), rows.filter((row) => !isAt(row, snapshot))]
  const known = new Set(rows.map(nameOf))
  return { snapshot, count: good.length, late: [...new Set([...behind.map(nameOf), ...proxies().filter((name) => !known.has(name))])] }
}

function isAt({ snapshot, types }: SyncRow, hash: string): boolean {
  return snapshot === hash && types.length > 0 && types.every(({ state }) => state === 'SYNCED' || state === 'NOT SENT')
}

function nameOf({ node }: SyncRow): string {
  return `${node.name}.${node.namespace}`
}
