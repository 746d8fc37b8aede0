import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { Guard } from '../guard.ts'

/** A supervisor of one process that ignores SIGTERM; tells its and its guard's id. */
const guard = new Guard(process.env)
const child = spawn('sh', ['-c', 'trap "" TERM; while :; do sleep 1; done'], { detached: true, stdio: 'ignore' })
guard.add(Number(child.pid))

const guardId = readdirSync('/proc').find((name) => {
  try {
    return (
      /^\d+$/.test(name) && readFileSync(`/proc/${name}/stat`, 'utf8').split(' ')[3] === String(process.pid) && name !== String(child.pid)
    )
  } catch {
    return false
  }
})
process.stdout.write(`${child.pid} ${guardId}\n`)
