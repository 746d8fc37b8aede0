import { setTimeout as sleep } from 'node:timers/promises'
import { CommandFailure } from '../output/exit-code.ts'
import { MAX_WANTS, type Propagation, type ProxyState } from './propagation.ts'

export interface WaitOptions {
  /** `KIND/NAMESPACE/NAME@VERSION` or `...@absent`. */
  readonly wants: readonly string[]
  /** How many of the proxies concerned must serve, in percent. */
  readonly percent: number
  readonly timeoutMs: number
  /** Asks pilot; a CommandFailure says that it does not answer. */
  readonly ask: (wants: readonly string[]) => Promise<Propagation>
  /** Monotonic milliseconds. */
  readonly now?: () => number
  /** Gives the wait up. */
  readonly interrupt?: AbortSignal
}

/** How a wait ended. */
export interface Waited {
  /** `served`: as many proxies serve as were asked for; `refused`: so many refuse that this cannot come; `late`: the time was over; `given up`: it was interrupted. */
  readonly kind: 'served' | 'refused' | 'late' | 'given up'
  readonly tookMs: number
  /** What pilot said last; undefined when it never answered. */
  readonly last: Propagation | undefined
  /** Proxies that did not serve yet when they were seen last, and have left the mesh. */
  readonly left: readonly string[]
  /** Why pilot does not answer, when it did not in the end. */
  readonly silent?: string
}

/** Asks again and again until enough proxies serve the objects, or cannot any more, or the time is over. */
export async function waitFor(options: WaitOptions): Promise<Waited> {
  const { wants, percent, timeoutMs, now = () => performance.now(), interrupt } = options
  const startMs = now()
  const seen = new Map<string, ProxyState>()
  let last: Propagation | undefined
  for (let round = 0; ; round++) {
    const answer = await orInterrupt(askAll(wants, options.ask), interrupt)
    const done = (kind: Waited['kind']): Waited => ({ kind, tookMs: now() - startMs, last, left: leftOf(seen, last), ...silence(answer) })
    if (answer === undefined) return done('given up')
    if (typeof answer !== 'string') {
      last = answer
      for (const proxy of answer.proxies) seen.set(`${proxy.name}.${proxy.namespace}`, proxy)
      if (answer.taken && share(answer.serving, answer) >= percent) return done('served')
      if (answer.taken && share(answer.concerned - refusals(answer), answer) < percent) return done('refused')
    }
    const leftMs = startMs + timeoutMs - now()
    if (leftMs <= 0) return done('late')
    await orInterrupt(sleep(Math.min(leftMs, round < QUICK_ROUNDS ? QUICK_MS : SLOW_MS)), interrupt)
  }
}

/** Most changes are served within the quick rounds. */
const QUICK_ROUNDS = 80
const QUICK_MS = 25
const SLOW_MS = 200

/** What was waited for, or undefined when the interrupt comes first. */
async function orInterrupt<T>(work: Promise<T>, interrupt: AbortSignal | undefined): Promise<T | undefined> {
  if (interrupt === undefined) return work
  if (interrupt.aborted) return undefined
  let onAbort = (): void => {}
  const aborted = new Promise<undefined>((resolve) => {
    onAbort = () => resolve(undefined)
    interrupt.addEventListener('abort', onAbort, { once: true })
  })
  try {
    return await Promise.race([work, aborted])
  } finally {
    interrupt.removeEventListener('abort', onAbort)
  }
}

/** The answers about all objects as one, or why pilot does not answer. */
async function askAll(wants: readonly string[], ask: WaitOptions['ask']): Promise<Propagation | string> {
  const answers: Propagation[] = []
  try {
    for (let at = 0; at < wants.length; at += MAX_WANTS) answers.push(await ask(wants.slice(at, at + MAX_WANTS)))
  } catch (error) {
    if (error instanceof CommandFailure) return error.message
    throw error
  }
  const [first, ...rest] = answers
  return first === undefined ? 'nothing was asked' : rest.reduce(joined, first)
}

/** A proxy counts as it stands to the object with which it is worst off. */
function joined(one: Propagation, other: Propagation): Propagation {
  const worst = new Map<string, ProxyState>()
  for (const proxy of [...one.proxies, ...other.proxies]) {
    const key = `${proxy.name}.${proxy.namespace}`
    const known = worst.get(key)
    if (known === undefined || RANK[proxy.state] < RANK[known.state]) worst.set(key, proxy)
  }
  const proxies = [...worst.values()].sort((left, right) => RANK[left.state] - RANK[right.state])
  const serving = proxies.filter(({ state }) => state === 'serving').length
  return {
    taken: one.taken && other.taken,
    snapshot: other.snapshot,
    objects: [...one.objects, ...other.objects],
    concerned: proxies.length,
    serving,
    proxies,
  }
}

const RANK: Readonly<Record<ProxyState['state'], number>> = { refused: 0, lagging: 1, serving: 2 }

/** In percent; of no proxy all. */
function share(count: number, { concerned }: Propagation): number {
  return concerned === 0 ? 100 : (count / concerned) * 100
}

function refusals({ proxies }: Propagation): number {
  return proxies.filter(({ state }) => state === 'refused').length
}

function leftOf(seen: ReadonlyMap<string, ProxyState>, last: Propagation | undefined): readonly string[] {
  if (last === undefined || last.proxies.length < last.concerned) return []
  const here = new Set(last.proxies.map(({ name, namespace }) => `${name}.${namespace}`))
  return [...seen].flatMap(([name, { state }]) => (state === 'serving' || here.has(name) ? [] : name))
}

function silence(answer: Propagation | string | undefined): Pick<Waited, 'silent'> {
  return typeof answer === 'string' ? { silent: answer } : {}
}
