import { readdirSync, readFileSync } from 'node:fs'

/** CPU time of all threads of a process since it began, in microseconds (Linux `schedstat`). */
export function cpuMicros(pid: number): number {
  const tasks = `/proc/${pid}/task`
  let nanos = 0
  for (const task of readdirSync(tasks)) nanos += threadNanos(`${tasks}/${task}/schedstat`)
  return nanos / 1000
}

/** Resident memory in MB. */
export function residentMb(pid: number): number {
  const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Number(kilobytes ?? 0) / 1024
}

/** A thread that ended meanwhile has no file any more. */
function threadNanos(file: string): number {
  try {
    return Number(readFileSync(file, 'utf8').split(' ')[0])
  } catch {
    return 0
  }
}
