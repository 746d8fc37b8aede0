import { readdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { SOCKET_NAME } from './control/socket-path.ts'
import { GUARD_GRACE_MS, KILLED_GONE_MS } from './limits.ts'

/** Names the mesh in the environment of each process that it starts. */
export const RUN_VARIABLE = 'MESH_UP_ROOT'

/** Ends what an earlier run of this mesh left behind (Linux: found by the environment it gave them); answers how many. */
export async function endLeftovers(root: string): Promise<number> {
  const found = leftoversOf(root)
  for (const pid of found) kill(pid, 'SIGTERM')
  if (await areGone(root, GUARD_GRACE_MS)) return found.length
  for (const pid of leftoversOf(root)) kill(pid, 'SIGKILL')
  // One that is killed has its ports until it is really gone.
  await areGone(root, KILLED_GONE_MS)
  return found.length
}

async function areGone(root: string, withinMs: number): Promise<boolean> {
  const end = performance.now() + withinMs
  while (leftoversOf(root).length > 0) {
    if (performance.now() > end) return false
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return true
}

/** Removes what tells other programs of a run that is over: its run file and its control socket. */
export function forgetRun(root: string): void {
  const file = join(root, 'run.json')
  const control = controlOf(file)
  if (control !== undefined) {
    rmSync(control, { force: true })
    if (dirname(control) !== root) removeEmpty(dirname(control))
  }
  rmSync(file, { force: true })
}

function controlOf(file: string): string | undefined {
  try {
    const { control } = JSON.parse(readFileSync(file, 'utf8')) as { readonly control?: unknown }
    return typeof control === 'string' && basename(control) === SOCKET_NAME ? control : undefined
  } catch {
    return undefined
  }
}

function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder)
  } catch {
    // It is gone, or it is not only ours.
  }
}

function leftoversOf(root: string): readonly number[] {
  if (process.platform !== 'linux') return []
  const mark = `${RUN_VARIABLE}=${root}`
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => pid !== process.pid && environmentOf(pid).includes(mark))
}

/** Empty for a process of another user, and for one that has just ended. */
function environmentOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0')
  } catch {
    return []
  }
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
