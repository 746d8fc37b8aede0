import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import { startChild } from '../../running/child.ts'
import type { Peer, PeerTask } from './peer.ts'

/** What Debian and .ci/run install. */
const PATH = [
  process.env['PATH'] ?? '',
  '/usr/sbin',
  join(process.env['MESH_CI_CACHE'] ?? join(homedir(), '.cache/mesh-ci'), 'envoy/bin'),
].join(delimiter)

/** Proxies that others wrote, each with its defaults as far as they matter to what it understands. */
export const FOREIGN: readonly Peer[] = [
  foreign('haproxy', '-v', haproxy),
  foreign('nginx', '-v', nginx),
  foreign('envoy', '--version', envoy),
]

interface Prepared {
  readonly file: string
  readonly text: string
  readonly args: (file: string) => readonly string[]
}

function foreign(name: string, versionFlag: string, prepare: (task: PeerTask) => Prepared): Peer {
  const found = spawnSync(name, [versionFlag], { env: { ...process.env, PATH }, stdio: 'ignore' }).error === undefined
  return {
    name,
    ...(found ? {} : { missing: `${name} is not on PATH` }),
    start: (task) => {
      mkdirSync(task.dir, { recursive: true })
      const { file, text, args } = prepare(task)
      const path = join(task.dir, file)
      writeFileSync(path, text)
      return startChild([name, ...args(path)], task.port, { env: { ...process.env, PATH }, cwd: task.dir })
    },
  }
}

function haproxy({ port, upstreamPort }: PeerTask): Prepared {
  const text = `global
  nbthread 1
  maxconn 1000
defaults
  mode http
  option http-keep-alive
  http-reuse always
  timeout connect 2s
  timeout client 30s
  timeout server 30s
frontend in
  bind 127.0.0.1:${port}
  default_backend out
backend out
  server one 127.0.0.1:${upstreamPort}
`
  return { file: 'haproxy.cfg', text, args: (file) => ['-db', '-q', '-f', file] }
}

function nginx({ port, upstreamPort, dir }: PeerTask): Prepared {
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `  ${name}_temp_path ${dir}/${name};`).join('\n')
  const text = `daemon off;
master_process off;
pid ${dir}/nginx.pid;
error_log ${dir}/error.log crit;
events { worker_connections 1024; }
http {
  access_log off;
${paths}
  keepalive_requests 1000000;
  client_max_body_size 0;
  upstream out { server 127.0.0.1:${upstreamPort}; keepalive 32; keepalive_requests 1000000; }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://out;
      proxy_http_version 1.1;
      proxy_request_buffering off;
      proxy_set_header Connection "";
      proxy_set_header Host $http_host;
    }
  }
}
`
  return { file: 'nginx.conf', text, args: (file) => ['-p', dir, '-c', file] }
}

const ENVOY = 'type.googleapis.com/envoy.extensions.filters'

function envoy({ port, upstreamPort }: PeerTask): Prepared {
  const at = (number: number): unknown => ({ socket_address: { address: '127.0.0.1', port_value: number } })
  const manager = {
    '@type': `${ENVOY}.network.http_connection_manager.v3.HttpConnectionManager`,
    stat_prefix: 'in',
    codec_type: 'HTTP1',
    delayed_close_timeout: '0.02s',
    normalize_path: true,
    common_http_protocol_options: { headers_with_underscores_action: 'REJECT_REQUEST' },
    route_config: { virtual_hosts: [{ name: 'all', domains: ['*'], routes: [{ match: { prefix: '/' }, route: { cluster: 'out' } }] }] },
    http_filters: [{ name: 'router', typed_config: { '@type': `${ENVOY}.http.router.v3.Router` } }],
  }
  const bootstrap = {
    static_resources: {
      listeners: [{ address: at(port), filter_chains: [{ filters: [{ name: 'http', typed_config: manager }] }] }],
      clusters: [
        {
          name: 'out',
          type: 'STATIC',
          load_assignment: { cluster_name: 'out', endpoints: [{ lb_endpoints: [{ endpoint: { address: at(upstreamPort) } }] }] },
        },
      ],
    },
  }
  const args = (file: string): readonly string[] => [
    '--config-path',
    file,
    '--disable-hot-restart',
    '--concurrency',
    '1',
    '--log-level',
    'error',
  ]
  return { file: 'envoy.json', text: JSON.stringify(bootstrap), args }
}
