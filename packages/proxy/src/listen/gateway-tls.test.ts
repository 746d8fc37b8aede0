import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { request } from 'node:https'
import type { View } from '@mesh/core/view'
import { expect, test } from 'vitest'
import { open, plane, upstream } from '../testdata/open.ts'
import { root } from '../testdata/pki.ts'
import { cluster, endpoint, httpFilter, listener, route, table, view } from '../testdata/views.ts'

function gatewayView(appPort: number, files: { readonly certFile: string; readonly keyFile: string }): View {
  const filter = httpFilter({ edge: true, forwardProxy: false, routes: { kind: 'rds', name: 'https.443' } })
  const chains = [
    {
      name: 'shop',
      match: { sni: ['shop.example'] },
      tls: { mode: 'file', alpn: ['http/1.1'], requireClientCert: false, trustDomains: [], ...files },
      filter,
    },
  ] as const
  return view({
    listeners: [listener(0, filter, { name: 'https', direction: 'gateway', inspectTls: true, chains })],
    routes: [table('https.443', { '*': [route('shop')] })],
    clusters: [cluster('shop', [endpoint(appPort)])],
  })
}

function askTls(port: number, servername: string): Promise<string> {
  return new Promise((resolve) => {
    const call = request(
      { host: '127.0.0.1', port, servername, path: '/', headers: { host: servername }, rejectUnauthorized: false, agent: false },
      (response) => {
        let body = ''
        response.on('data', (chunk) => (body += String(chunk))).on('end', () => resolve(`${response.statusCode} ${body}`))
      },
    )
    call.on('error', () => resolve('refused')).end()
  })
}

async function folder(): Promise<{ readonly certFile: string; readonly keyFile: string; readonly dir: string }> {
  const dir = mkdtempSync(join(tmpdir(), 'mesh-gateway-'))
  open.push({ close: () => rmSync(dir, { recursive: true }) })
  const signer = await root()
  writeFileSync(join(dir, 'cert.pem'), signer.certificatePem)
  writeFileSync(join(dir, 'key.pem'), signer.privateKeyPem)
  return { dir, certFile: join(dir, 'cert.pem'), keyFile: join(dir, 'key.pem') }
}

test('a gateway serves HTTPS with the certificate of its server name, and nobody under another name', async () => {
  const app = await upstream((request, response) =>
    response.end(`${request.headers['x-forwarded-for']} ${request.headers['x-forwarded-proto']}`),
  )
  const { certFile, keyFile } = await folder()
  const made = await plane(gatewayView(app.port, { certFile, keyFile }), { self: { kind: 'gateway' } })
  expect(await askTls(made.port('https'), 'shop.example')).toBe('200 127.0.0.1 https')
  expect(await askTls(made.port('https'), 'other.example')).toBe('refused')
  expect(made.plane.counters.noFilterChain).toBe(1)
})

test('a certificate that is not there closes its connections and is told once; saved later, it serves', async () => {
  const app = await upstream((_request, response) => response.end('ok'))
  const { dir, keyFile, certFile } = await folder()
  const late = { keyFile, certFile: join(dir, 'late.pem') }
  const made = await plane(gatewayView(app.port, late), { self: { kind: 'gateway' } })
  for (let index = 0; index < 2; index++) expect(await askTls(made.port('https'), 'shop.example')).toBe('refused')
  expect(made.problems).toEqual([expect.stringContaining('late.pem')])
  copyFileSync(certFile, late.certFile)
  expect(await askTls(made.port('https'), 'shop.example')).toBe('200 ok')
})
