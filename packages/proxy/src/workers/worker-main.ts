import { parentPort, workerData } from 'node:worker_threads'
import type { WorkerStart } from './messages.ts'
import { runWorker } from './run-worker.ts'

if (parentPort !== null) runWorker(workerData as WorkerStart, parentPort)
