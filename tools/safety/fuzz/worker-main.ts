import { parentPort, workerData } from 'node:worker_threads'
import { seeded } from '../running/random.ts'
import { Inputs } from './inputs.ts'
import { MAX_FAILURES, MAX_INPUT_MS } from './limits.ts'
import { TARGETS } from './targets/index.ts'

/** What the thread is told. */
export interface Task {
  readonly target: string
  readonly seed: number
  readonly seconds: number
  /** The input that is being read: its length, then its bytes, so that one that never ends can be seen from outside. */
  readonly current: SharedArrayBuffer
}

/** What it answers, at the end. */
export interface Outcome {
  readonly inputs: number
  readonly ways: number
  readonly slowestMs: number
  readonly failures: readonly { readonly bytes: Uint8Array; readonly why: string }[]
}

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port between threads has no origin
parentPort?.postMessage(fuzz(workerData as Task))

function fuzz({ target: name, seed, seconds, current }: Task): Outcome {
  const target = TARGETS.find((one) => one.name === name)
  if (target === undefined) throw new Error(`there is no target ${name}`)
  const random = seeded(seed)
  const inputs = new Inputs(target)
  const [length, place] = [new Int32Array(current, 0, 1), new Uint8Array(current, 4)]
  const failures: Outcome['failures'][number][] = []
  const whys = new Set<string>()
  const kept = [...inputs.kept]
  let [count, slowestMs] = [0, 0]
  const end = performance.now() + seconds * 1000
  for (let now = performance.now(); now < end && failures.length < MAX_FAILURES;) {
    const bytes = kept.shift() ?? inputs.changed(random)
    place.set(bytes.subarray(0, place.length))
    Atomics.store(length, 0, bytes.length)
    count++
    let why: string | undefined
    try {
      inputs.took(target.check(bytes.slice(), random), bytes)
    } catch (error) {
      why = error instanceof Error ? (error.stack ?? error.message) : String(error)
    }
    const after = performance.now()
    slowestMs = Math.max(slowestMs, after - now)
    if (after - now > MAX_INPUT_MS) why ??= `it took ${(after - now).toFixed(0)} ms`
    now = after
    // The same place in the code counts once.
    const known = why?.split('\n').slice(-3).join() ?? ''
    if (why === undefined || whys.has(known)) continue
    whys.add(known)
    failures.push({ bytes, why })
  }
  return { inputs: count, ways: inputs.ways, slowestMs, failures }
}
