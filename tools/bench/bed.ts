import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort, startServer, type Child } from './child.ts'
import type { Peer, Running, Site } from './peers/peer.ts'
import { startPki, type Pki } from './pki.ts'
import type { Work } from './work.ts'

/** All that a setup needs: its upstream, its certificates, and a place for each peer. */
export interface Bed {
  /** A folder for files. */
  readonly dir: string
  readonly pki: Pki | undefined
  start(peer: Peer): Promise<Running>
  close(): Promise<void>
}

const HOSTS: readonly string[] = Array.from({ length: 10 }, (_, at) => `service${at}.default.svc.cluster.local`)
const PREFIX = '/api/'

/** The host that clients ask for. */
export const ASKED = HOSTS[5] ?? ''

/** Prepares what a work needs below `dir`. */
export async function openBed(work: Work, dir: string): Promise<Bed> {
  mkdirSync(dir)
  const { setup } = work
  const [upstreamPort, upstream] = await startUpstream(work)
  const pki = setup === 'mtls' ? await startPki(join(dir, 'pki')) : undefined
  let count = 0
  return {
    dir,
    pki,
    start(peer) {
      const own = join(dir, `${count++}-${peer.name}`)
      mkdirSync(own)
      const site: Site = { setup, hosts: HOSTS, prefix: PREFIX, upstreamPort, dir: own, pki }
      return peer.start(site)
    },
    async close() {
      await Promise.all([upstream.stop(), pki?.stop()])
    },
  }
}

/** Works with the same key can share a bed: the upstream of HTTP/2 knows one length only. */
export function bedKey({ setup, load }: Work): string {
  return load.kind === 'h2' ? `${setup}-${load.replyBytes}-${load.grpc ? 'grpc' : 'plain'}` : setup
}

async function startUpstream({ setup, load }: Work): Promise<[number, Child]> {
  const name = setup === 'tcp' ? 'echo' : setup === 'h2' ? 'h2' : 'http'
  const main = fileURLToPath(new URL(`upstreams/${name}-main.ts`, import.meta.url))
  const port = await freePort()
  const more = load.kind === 'h2' ? [String(load.replyBytes), load.grpc ? 'grpc' : 'plain'] : []
  return [port, await startServer('rest', [process.execPath, main, String(port), ...more], port)]
}
