import { MAX_WANTS, POLL_MS } from './limits.ts'
import { jsonPage } from './page.ts'

export interface ServedOptions {
  /** Base of pilot's monitoring pages. */
  readonly monitoring: string
  /** Texts of one WorkloadEntry each, as they lie in the registry. */
  readonly entries: readonly string[]
  /** Whether a proxy (NAME.NAMESPACE) is one of ours that runs; others count only while they are connected. */
  readonly isOurs: (proxy: string) => boolean
  readonly signal: AbortSignal
}

/** As pilot answers `/debug/propagation`. */
interface Propagation {
  readonly taken: boolean
  readonly objects: readonly { readonly want: string; readonly taken: boolean; readonly problem?: string }[]
  readonly proxies: readonly { readonly name: string; readonly namespace: string; readonly state: string; readonly reason?: string }[]
}

/** Waits until every proxy that they concern serves what entries of the registry say; answers who does not in time, and why. */
export async function untilServed(options: ServedOptions): Promise<readonly string[]> {
  const questions = await questionsFor(options)
  let late: readonly string[] = []
  for (const question of questions) {
    do {
      late = await lateNow(question, options)
      if (late.length > 0) await new Promise((resolve) => setTimeout(resolve, POLL_MS))
    } while (late.length > 0 && !options.signal.aborted)
    if (late.length > 0) return late
  }
  return []
}

/** The addresses that answer how far the entries have come. */
async function questionsFor({ monitoring, entries }: ServedOptions): Promise<readonly string[]> {
  const { buildSnapshot, objectVersion } = await import('@mesh/core/snapshot')
  const wants = buildSnapshot({ sources: entries.map((text, index) => ({ file: `${index}.yaml`, text })) }).objects.map(
    (object) => `want=${encodeURIComponent(`${object.kind}/${object.meta.namespace}/${object.meta.name}@${objectVersion(object)}`)}`,
  )
  const pages = Array.from({ length: Math.ceil(wants.length / MAX_WANTS) }, (_, page) =>
    wants.slice(page * MAX_WANTS, (page + 1) * MAX_WANTS),
  )
  return pages.map((page) => `${monitoring}/debug/propagation?${page.join('&')}`)
}

async function lateNow(question: string, { monitoring, isOurs }: ServedOptions): Promise<readonly string[]> {
  const answer = (await jsonPage(question)) as Propagation | undefined
  if (answer === undefined) return ['pilot (it does not answer)']
  if (!answer.taken) return [`pilot (${answer.objects.find(({ taken }) => !taken)?.problem ?? 'it has not read the change'})`]
  const behind = answer.proxies.filter(({ state }) => state !== 'serving')
  const foreign = behind.some((one) => !isOurs(nameOf(one))) ? await connected(monitoring) : new Set<string>()
  return behind.filter((one) => isOurs(nameOf(one)) || foreign.has(nameOf(one))).map((one) => `${nameOf(one)} (${one.reason ?? one.state})`)
}

async function connected(monitoring: string): Promise<ReadonlySet<string>> {
  const rows = (await jsonPage(`${monitoring}/debug/syncz`)) as readonly { readonly node: Named }[] | undefined
  return new Set(rows?.map(({ node }) => nameOf(node)))
}

interface Named {
  readonly name: string
  readonly namespace: string
}

function nameOf({ name, namespace }: Named): string {
  return `${name}.${namespace}`
}
