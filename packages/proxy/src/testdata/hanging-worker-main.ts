import { BroadcastChannel, parentPort, workerData } from 'node:worker_threads'
import type { WorkerStart } from '../workers/messages.ts'
import { runWorker } from '../workers/run-worker.ts'

/** A worker that stands still when its number is said, until the cell that comes with it is no longer 0. */
const start = workerData as WorkerStart
if (parentPort !== null) runWorker(start, parentPort)
const channel = new BroadcastChannel('hang')
channel.onmessage = (event) => {
  const { worker, cell } = (event as { readonly data: { readonly worker: number; readonly cell: Int32Array } }).data
  if (worker === start.worker) standStill(cell)
}

function standStill(cell: Int32Array): void {
  while (Atomics.load(cell, 0) === 0);
}
