import { fileURLToPath } from 'node:url'
import { freePort, runningOf, startServer } from '../child.ts'
import type { Peer } from './peer.ts'

const MAIN = fileURLToPath(new URL('node-main.ts', import.meta.url))

/** A proxy as one would write it in Node: node:http in, undici out. */
export const NODE: Peer = {
  name: 'node',
  setups: ['plain', 'fresh'],
  leavesOut: 'no trace headers, no metrics, no retries',
  compiles: true,
  missing: () => undefined,
  version: () => process.version,
  async start({ hosts, prefix, upstreamPort }) {
    const port = await freePort()
    const args = [String(port), String(upstreamPort), prefix, ...hosts]
    return runningOf(port, await startServer('tested', [process.execPath, MAIN, ...args], port))
  },
}
