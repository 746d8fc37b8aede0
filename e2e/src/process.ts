import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import net from 'node:net'

/** Whether a process runs (a zombie does not). */
export function alive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

/** Seconds of processor time that a process has used; it tells one that waits from one that gets no turn. */
export function cpuSeconds(pid: number): number {
  try {
    const [user, system] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ').slice(11, 13) ?? []
    return (Number(user) + Number(system)) / 100
  } catch {
    return 0
  }
}

/** Processes whose command line or working folder names `text`. */
export function processesNaming(text: string): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => pid !== process.pid && [commandLine, workingFolder].some((read) => names(() => read(pid), text)))
}

function commandLine(pid: number): string {
  return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
}

/** Of a folder that is gone the path that it had. */
function workingFolder(pid: number): string {
  return readlinkSync(`/proc/${pid}/cwd`)
}

/** A process that has just ended, or is another user's, names nothing. */
function names(read: () => string, text: string): boolean {
  try {
    return read().includes(text)
  } catch {
    return false
  }
}

/** Whether somebody listens there. */
export function listens(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve) => {
    const socket = net.connect({ host: hostname, port: Number(port) })
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
