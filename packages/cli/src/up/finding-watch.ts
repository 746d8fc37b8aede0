import type { Finding } from '@mesh/core/config'
import { findingLines } from './announce.ts'
import { FINDINGS_POLL_MS, FORGET_AFTER_ROUNDS } from './limits.ts'
import { answers, get } from './ready.ts'

export interface FindingWatchOptions {
  /** Base of pilot's monitoring pages. */
  readonly monitoring: string
  readonly cwd: string
  readonly say: (line: string) => void
}

/** What pilot finds out about the configuration, told at the terminal as it comes up. */
export interface FindingWatch {
  /** Asks pilot now and tells what is new; silent while pilot is away. */
  look(): Promise<void>
  /** Looks again and again until `signal` aborts. */
  follow(signal: AbortSignal): void
}

export function createFindingWatch({ monitoring, cwd, say }: FindingWatchOptions): FindingWatch {
  const tell = createFindingNews(cwd)
  const look = async (signal?: AbortSignal): Promise<void> => {
    const findings = await findingsOf(monitoring)
    const snapshot = findings?.some(({ severity }) => severity === 'error') === true ? await snapshotOf(monitoring) : undefined
    if (findings !== undefined && signal?.aborted !== true) for (const line of tell(findings, snapshot)) say(line)
  }
  return { look: () => look(), follow: (signal) => repeat(() => look(signal), signal) }
}

/** Takes all findings of a moment and answers the lines about those that are new, and one line when the last error has gone. */
export function createFindingNews(cwd: string): (findings: readonly Finding[], snapshot?: string) => readonly string[] {
  let errors = 0
  // Rounds for which a finding has been absent: those about views are, until the views of a new snapshot are made.
  const known = new Map<string, number>()
  return (findings, snapshot) => {
    const fresh = new Map(findings.map((one) => [keyOf(one), one]))
    const news = [...fresh].filter(([key]) => !known.has(key)).map(([, finding]) => finding)
    for (const [key, absent] of known) {
      if (key.startsWith('error ') || absent >= FORGET_AFTER_ROUNDS) known.delete(key)
      else known.set(key, absent + 1)
    }
    for (const key of fresh.keys()) known.set(key, 0)
    const before = errors
    errors = findings.filter((one) => one.severity === 'error').length
    const mended = before > 0 && errors === 0 ? ['No errors are left in the configuration: what is saved is in force.'] : []
    return [...findingLines(news, { cwd, all: findings, snapshot }), ...mended]
  }
}

/** An error that has moved is told again, for its place is what one looks for; a warning is not. */
function keyOf({ severity, code, message, origin }: Finding): string {
  const { kind, namespace, name, file, line, column, field } = origin
  const place = severity === 'error' ? [line, column] : []
  return `${severity} ${JSON.stringify([code, kind, namespace, name, file, field, message, ...place])}`
}

/** Undefined unless pilot has read the configuration: before, it knows of no findings because it has not looked. */
async function findingsOf(monitoring: string): Promise<readonly Finding[] | undefined> {
  if (!(await answers(`${monitoring}/ready`))) return undefined
  const text = await get(`${monitoring}/debug/findings`)
  try {
    const findings: unknown = text === undefined ? undefined : JSON.parse(text)
    return Array.isArray(findings) ? (findings as readonly Finding[]) : undefined
  } catch {
    return undefined
  }
}

/** The name of what is in force. */
async function snapshotOf(monitoring: string): Promise<string | undefined> {
  const text = await get(`${monitoring}/debug/snapshot`)
  return text === undefined ? undefined : /"hash":"([0-9a-f]+)"/.exec(text)?.[1]
}

/** One look after the other, with a pause between them. */
function repeat(look: () => Promise<void>, signal: AbortSignal): void {
  let timer: NodeJS.Timeout | undefined
  const again = (): void => {
    if (!signal.aborted) timer = setTimeout(() => void look().then(again, again), FINDINGS_POLL_MS).unref()
  }
  signal.addEventListener('abort', () => clearTimeout(timer), { once: true })
  again()
}
