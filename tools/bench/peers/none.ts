import { execFileSync } from 'node:child_process'
import type { Peer } from './peer.ts'

/** No proxy at all: the client at the upstream itself. */
export const NONE: Peer = {
  name: 'none',
  setups: ['plain'],
  leavesOut: 'everything: the client talks to the upstream',
  compiles: false,
  missing: () => undefined,
  version: () => execFileSync('uname', ['-sr'], { encoding: 'utf8' }).trim(),
  start: ({ upstreamPort }) => Promise.resolve({ port: upstreamPort, pids: [], stop: () => Promise.resolve() }),
}
