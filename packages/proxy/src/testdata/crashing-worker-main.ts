import { BroadcastChannel, parentPort, workerData } from 'node:worker_threads'
import type { WorkerStart } from '../workers/messages.ts'
import { runWorker } from '../workers/run-worker.ts'

/** A worker that throws when its number is said. */
const start = workerData as WorkerStart
if (parentPort !== null) runWorker(start, parentPort)
const channel = new BroadcastChannel('crash')
channel.onmessage = (event) => {
  if ((event as { readonly data: unknown }).data === start.worker) throw new Error('planted')
}
