import { parentPort } from 'node:worker_threads'
import { fastIo } from '@mesh/io/fast'

/** Tries to have the plug, tells its parent what came of it, and stays. */
try {
  fastIo({ onFault: () => undefined })
  parentPort?.postMessage('had')
} catch (error) {
  parentPort?.postMessage(String(error))
}
setInterval(() => undefined, 1000)
