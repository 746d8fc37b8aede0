import { Worker } from 'node:worker_threads'
import { MAX_INPUT_BYTES, MAX_INPUT_MS } from './limits.ts'
import type { Outcome, Task } from './worker-main.ts'

const WORKER = new URL('worker-main.ts', import.meta.url)

export type TargetOptions = Omit<Task, 'current'>

/** Runs one target in a thread of its own, which is ended when it never comes back from an input. */
export function runTarget(options: TargetOptions): Promise<Outcome> {
  const current = new SharedArrayBuffer(4 + MAX_INPUT_BYTES)
  const worker = new Worker(WORKER, { workerData: { ...options, current } satisfies Task, execArgv: ['--conditions=@mesh/source'] })
  return new Promise((resolve, reject) => {
    const late = setTimeout(
      () => {
        const [length = 0] = new Int32Array(current, 0, 1)
        const bytes = Uint8Array.from(new Uint8Array(current, 4, length))
        resolve({ inputs: 0, ways: 0, slowestMs: MAX_INPUT_MS, failures: [{ bytes, why: 'reading it never ends' }] })
        void worker.terminate()
      },
      options.seconds * 1000 + STARTS_WITHIN_MS + MAX_INPUT_MS,
    )
    worker.once('message', (outcome: Outcome) => {
      clearTimeout(late)
      resolve(outcome)
    })
    worker.once('error', (error) => {
      clearTimeout(late)
      reject(error)
    })
  })
}

const STARTS_WITHIN_MS = 20_000
