import { fileURLToPath } from 'node:url'
import { output } from '../child.ts'
import type { HandshakeJob } from './handshake-main.ts'
import type { Load, LoadRun } from './load.ts'

const MAIN = fileURLToPath(new URL('handshake-main.ts', import.meta.url))

/** As many new connections as there can be, each with a full mutual handshake and one GET. */
export async function runHandshakes(connections: number, { port, host, seconds, tls }: LoadRun): Promise<Load> {
  if (tls === undefined) throw new Error('handshakes without certificates')
  const job: HandshakeJob = { port, host, seconds, connections, tls }
  return JSON.parse(await output([process.execPath, MAIN, JSON.stringify(job)])) as Load
}
