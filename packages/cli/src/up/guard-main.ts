import { createInterface } from 'node:readline'
import { signalGroup } from './child.ts'
import { GUARD_GRACE_MS } from './limits.ts'

/** Reads `add PID` and `remove PID`; when its input ends without `done`, the supervisor was killed: it ends what is left. */
const pids = new Set<number>()
let done = false

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {})

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const [verb, pid] = line.split(' ')
    if (verb === 'done') done = true
    if (verb === 'add') pids.add(Number(pid))
    if (verb === 'remove') pids.delete(Number(pid))
  })
  .once('close', () => {
    if (done || pids.size === 0) process.exit(0)
    signalAll('SIGTERM')
    setTimeout(() => {
      signalAll('SIGKILL')
      process.exit(0)
    }, GUARD_GRACE_MS)
  })

function signalAll(signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      signalGroup(pid, signal)
    } catch {
      // One that cannot be signalled must not keep the others alive.
    }
  }
}
