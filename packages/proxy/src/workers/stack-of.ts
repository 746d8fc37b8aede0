import type { Worker } from 'node:worker_threads'
import { LIMITS } from '../limits.ts'

/** Of a thread that does not answer: the functions in which it is most of a moment, innermost first; undefined where that cannot be had. */
export async function stackOf(worker: Worker): Promise<string | undefined> {
  const { promise: late, resolve: giveUp } = Promise.withResolvers<undefined>()
  const timer = setTimeout(() => giveUp(undefined), LIMITS.workerAnswerMs)
  try {
    return await Promise.race([profiled(worker), late])
  } catch {
    return undefined
  } finally {
    clearTimeout(timer)
  }
}

async function profiled(worker: Worker): Promise<string | undefined> {
  // Node 24 has it from 24.8 on.
  if (typeof worker.startCpuProfile !== 'function') return undefined
  // On a busy machine it may not have run at all while it was looked at.
  for (const end = performance.now() + LIMITS.workerAnswerMs; performance.now() < end;) {
    const handle = await worker.startCpuProfile()
    await new Promise((resolve) => setTimeout(resolve, LIMITS.workerProfileMs))
    const stack = hottestStack(JSON.parse(await handle.stop()) as Profile)
    if (stack !== undefined) return stack
  }
  return undefined
}

/** What V8's profiler tells. */
export interface Profile {
  readonly nodes: readonly ProfileNode[]
  readonly samples: readonly number[]
}

interface ProfileNode {
  readonly id: number
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number }
  readonly children?: readonly number[]
}

/** The stack of the most samples. */
export function hottestStack({ nodes, samples }: Profile): string | undefined {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const counts = new Map<number, number>()
  for (const id of samples)
    if (!NO_FUNCTION.has(byId.get(id)?.callFrame.functionName ?? '(root)')) counts.set(id, (counts.get(id) ?? 0) + 1)
  const [hottest] = [...counts].toSorted(([, left], [, right]) => right - left)[0] ?? []
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)))
  const frames: string[] = []
  for (let id = hottest; id !== undefined && frames.length < MOST_FRAMES; id = parents.get(id)) {
    const frame = byId.get(id)?.callFrame
    if (frame !== undefined && parents.has(id)) frames.push(frameText(frame))
  }
  return frames.length === 0 ? undefined : frames.join(', from ')
}

const MOST_FRAMES = 8
/** What the profiler calls time that is no function's. */
const NO_FUNCTION: ReadonlySet<string> = new Set(['(root)', '(program)', '(idle)'])

function frameText({ functionName, url, lineNumber }: ProfileNode['callFrame']): string {
  const place = url === '' ? '' : ` (${url.slice(url.lastIndexOf('/') + 1)}:${lineNumber + 1})`
  return `${functionName === '' ? 'a function without name' : functionName}${place}`
}
