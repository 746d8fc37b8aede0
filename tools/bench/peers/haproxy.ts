import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startServer } from '../child.ts'
import type { Peer, Task } from './peer.ts'

/** HAProxy as Debian ships it: one thread, the same hosts and prefixes, a request id, forwarded-for, keep-alive both ways. */
export const HAPROXY: Peer = {
  name: 'haproxy',
  version: () => /version (\S+)/.exec(execFileSync('haproxy', ['-v'], { encoding: 'utf8' }))?.[1] ?? 'unknown',
  start(task, port) {
    const file = join(task.dir, 'haproxy.cfg')
    writeFileSync(file, config(task, port))
    return startServer('tested', ['haproxy', '-db', '-f', file], port)
  },
}

function config({ hosts, prefixes, upstreamPort }: Task, port: number): string {
  const routes = hosts.flatMap((host, at) => [
    `  acl host${at} hdr(host) -i ${host}`,
    ...prefixes.map((prefix, index) => `  use_backend h${at}p${index} if host${at} { path_beg ${prefix} }`),
    `  use_backend h${at} if host${at}`,
  ])
  const backend = (name: string): string => `backend ${name}\n  balance roundrobin\n  server s 127.0.0.1:${upstreamPort}`
  const backends = hosts.flatMap((_, at) => [backend(`h${at}`), ...prefixes.map((__, index) => backend(`h${at}p${index}`))])
  return `global
  nbthread 1
  maxconn 1000
defaults
  mode http
  option http-keep-alive
  option forwardfor
  http-reuse always
  timeout connect 2s
  timeout client 30s
  timeout server 30s
  unique-id-format %[uuid()]
  unique-id-header x-request-id
frontend in
  bind 127.0.0.1:${port}
${routes.join('\n')}
${backends.join('\n')}
`
}
