import { readFileSync } from 'node:fs'
import type { Conn } from '@mesh/io'

/** What the kernel waits for on a connection (`proc(5)`, `/proc/net/tcp`, column `tr tm->when`). */
export interface KernelTimer {
  readonly kind: 'none' | 'keepalive' | 'other'
  readonly dueMs: number
}

/** The timer of this end of a connection over IPv4. */
export function kernelTimer(conn: Conn | undefined): KernelTimer | undefined {
  const ends = [conn?.localPort ?? 0, conn?.remotePort ?? 0].map((port) => port.toString(16).toUpperCase().padStart(4, '0'))
  for (const line of readFileSync('/proc/net/tcp', 'utf8').split('\n')) {
    const [, local = '', remote = '', , , timer = ''] = line.trim().split(/\s+/)
    if (!local.endsWith(`:${ends[0]}`) || !remote.endsWith(`:${ends[1]}`)) continue
    const [kind = '', ticks = ''] = timer.split(':')
    return { kind: KINDS.get(kind) ?? 'other', dueMs: Number.parseInt(ticks, 16) * TICK_MS }
  }
  return undefined
}

const KINDS: ReadonlyMap<string, KernelTimer['kind']> = new Map([
  ['00', 'none'],
  ['02', 'keepalive'],
])
/** The kernel shows times in hundredths of seconds. */
const TICK_MS = 10
