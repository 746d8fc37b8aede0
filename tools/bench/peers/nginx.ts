import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort, runningOf, startServer } from '../child.ts'
import { installed, printed } from '../installed.ts'
import type { Peer, Site } from './peer.ts'

/** nginx as Debian ships it, one process. */
export const NGINX: Peer = {
  name: 'nginx',
  setups: ['plain', 'fresh'],
  leavesOut: 'no trace headers, no metrics, no retries of what was sent',
  compiles: false,
  missing: () => (installed('nginx') ? undefined : 'apt-get install nginx-light'),
  version: () => printed('nginx -V', /nginx\/(\S+)[\s\S]*?built with (OpenSSL \S+)/),
  async start(site) {
    const port = await freePort()
    const file = join(site.dir, 'nginx.conf')
    writeFileSync(file, config(site, port))
    return runningOf(port, await startServer('tested', ['nginx', '-p', site.dir, '-c', file, '-e', 'stderr'], port))
  },
}

function config({ hosts, prefix, upstreamPort, dir }: Site, port: number): string {
  const upstream = (_: string, at: number): string =>
    `  upstream h${at} { server 127.0.0.1:${upstreamPort}; keepalive 128; keepalive_requests 100000000; }`
  const server = (host: string, at: number): string => `  server {
    listen 127.0.0.1:${port};
    server_name ${host};
    location ${prefix} { proxy_pass http://h${at}; }
    location / { proxy_pass http://h${at}; }
  }`
  const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `  ${name}_temp_path ${dir}/${name};`)
  return `daemon off;
master_process off;
pid ${dir}/nginx.pid;
error_log stderr error;
events { worker_connections 4096; }
http {
  access_log off;
  keepalive_requests 100000000;
  proxy_http_version 1.1;
  proxy_set_header Host $host;
  proxy_set_header Connection "";
  proxy_set_header X-Request-Id $request_id;
  proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
  proxy_max_temp_file_size 0;
  proxy_buffers 16 8k;
${temp.join('\n')}
${hosts.map(upstream).join('\n')}
${hosts.map(server).join('\n')}
}
`
}
