import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort, runningOf, startServer } from '../child.ts'
import { installed, printed } from '../installed.ts'
import { CLIENT, SERVER, type Pki } from '../pki.ts'
import type { Peer, Running, Site } from './peer.ts'

/** HAProxy as Debian ships it, one thread. */
export const HAPROXY: Peer = {
  name: 'haproxy',
  setups: ['plain', 'mtls', 'h2', 'tcp', 'fresh'],
  leavesOut: 'no trace headers, no metrics by peer (one counter set per backend), no check of SPIFFE names on mTLS',
  compiles: false,
  missing: () => (installed('haproxy') ? undefined : 'apt-get install haproxy'),
  version: () => `${printed('haproxy -v', /version (\S+)/)} (${printed('haproxy -vv', /Running on OpenSSL version : (OpenSSL \S+)/)})`,
  start: (site) => (site.setup === 'mtls' ? startPair(site, site.pki) : one(site, 'proxy', front(site))),
}

/** Client → A → mTLS → B → upstream. */
async function startPair(site: Site, pki: Pki | undefined): Promise<Running> {
  if (pki === undefined) throw new Error('mTLS without certificates')
  const [client, server] = [pki.files(CLIENT), pki.files(SERVER)]
  const inbound = await one(site, 'b', (port) => {
    const bind = `bind 127.0.0.1:${port} ssl crt ${server.both} ca-file ${server.root} verify required`
    return `frontend in\n  ${bind}\n  default_backend app\nbackend app\n  server s 127.0.0.1:${site.upstreamPort}\n`
  })
  const tls = ` ssl crt ${client.both} ca-file ${client.root} verify required`
  const outbound = await one(site, 'a', front({ ...site, upstreamPort: inbound.port }, tls))
  return {
    port: outbound.port,
    pids: [...outbound.pids, ...inbound.pids],
    server: inbound,
    stop: async () => void (await Promise.all([outbound.stop(), inbound.stop()])),
  }
}

async function one(site: Site, name: string, sections: (port: number) => string): Promise<Running> {
  const port = await freePort()
  const file = join(site.dir, `${name}.cfg`)
  writeFileSync(file, `${COMMON}  mode ${site.setup === 'tcp' ? 'tcp' : 'http'}\n${site.setup === 'tcp' ? '' : HTTP}${sections(port)}`)
  return runningOf(port, await startServer('tested', ['haproxy', '-db', '-f', file], port))
}

/** Hosts and prefixes by a map, as its manual advises. */
function front({ setup, hosts, prefix, upstreamPort, dir }: Site, tls = ''): (port: number) => string {
  const proto = setup === 'h2' ? ' proto h2' : ''
  const server = `  server s 127.0.0.1:${upstreamPort}${proto}${tls}\n`
  if (setup === 'tcp') return (port) => `frontend in\n  bind 127.0.0.1:${port}\n  default_backend app\nbackend app\n${server}`
  const map = join(dir, 'routes.map')
  writeFileSync(map, hosts.map((host, at) => `${host}${prefix} h${at}\n${host}/ h${at}\n`).join(''))
  const backends = hosts.map((_, at) => `backend h${at}\n  balance roundrobin\n${server}`).join('')
  return (port) => `frontend in\n  bind 127.0.0.1:${port}${proto}\n  use_backend %[base,map_beg(${map})]\n${backends}`
}

const COMMON = `global
  nbthread 1
  maxconn 4000
defaults
  timeout connect 2s
  timeout client 60s
  timeout server 60s
`
const HTTP = `  option http-keep-alive
  option forwardfor
  http-reuse always
  unique-id-format %[uuid()]
  unique-id-header x-request-id
`
