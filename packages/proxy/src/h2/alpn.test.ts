import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { expect, test } from 'vitest'
import { open, plane, upstream } from '../testdata/open.ts'
import { root } from '../testdata/pki.ts'
import { cluster, endpoint, httpFilter, listener, route, table, view } from '../testdata/views.ts'

async function gateway(): Promise<number> {
  const dir = mkdtempSync(join(tmpdir(), 'mesh-alpn-'))
  open.push({ close: () => rmSync(dir, { recursive: true }) })
  const signer = await root()
  const files = { certFile: join(dir, 'cert.pem'), keyFile: join(dir, 'key.pem') }
  writeFileSync(files.certFile, signer.certificatePem)
  writeFileSync(files.keyFile, signer.privateKeyPem)
  const app = await upstream((_request, response) => response.end('ok'))
  const filter = httpFilter({ edge: true, forwardProxy: false, routes: { kind: 'rds', name: 'https.443' } })
  const tls = { mode: 'file', alpn: ['h2', 'http/1.1'], requireClientCert: false, trustDomains: [], ...files } as const
  const made = await plane(
    view({
      listeners: [
        listener(0, filter, { name: 'https', direction: 'gateway', inspectTls: true, chains: [{ name: 'all', match: {}, tls, filter }] }),
      ],
      routes: [table('https.443', { '*': [route('shop')] })],
      clusters: [cluster('shop', [endpoint(app.port)])],
    }),
    { self: { kind: 'gateway' } },
  )
  return made.port('https')
}

/** All that comes back until the connection ends. */
function say(port: number, protocol: string, text: string): Promise<string> {
  return new Promise((resolve) => {
    let back = ''
    const socket = connect({ host: '127.0.0.1', port, ALPNProtocols: [protocol], rejectUnauthorized: false }, () => socket.write(text))
    socket.on('data', (piece: Buffer) => (back += piece.toString('latin1')))
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(back))
  })
}

test('who agreed on HTTP/2 by ALPN is answered in HTTP/2 and in nothing else', async () => {
  const port = await gateway()
  const request = 'GET / HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n\r\n'
  expect(await say(port, 'http/1.1', request)).toContain('HTTP/1.1 200')
  const back = await say(port, 'h2', request)
  expect(back).not.toContain('HTTP/1.1')
})
