import { readdirSync, readFileSync } from 'node:fs'

/** CPU time of all threads of a process since it began, in microseconds (Linux `schedstat`). */
export function cpuMicros(pid: number): number {
  const tasks = `/proc/${pid}/task`
  let nanos = 0
  for (const task of readdirSync(tasks)) nanos += threadNanos(`${tasks}/${task}/schedstat`)
  return nanos / 1000
}

/** User-space part of the CPU time of a process, in microseconds; Linux scales it to what `schedstat` says, in steps of 10 ms. */
export function userMicros(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // The name of the program, in parentheses, may hold anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return Number(fields[11]) * 10_000
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
