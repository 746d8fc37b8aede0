import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import http from 'node:http'
import { homedir, tmpdir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { AddressInfo } from 'node:net'
import { gateway, objectsOf, routes, routeTo, staticHost } from '../../../packages/proxy/src/testdata/lone-gateway.ts'
import { freePort } from '../../bench/child.ts'
import { startProxy } from '../running/proxy.ts'

const USAGE = `npm run h2spec [-- --only http2/6.5]
The conformance test h2spec against a running proxy: a plain listener, and one with TLS. .ci/run shows how h2spec is installed.`
const PATH = [process.env['PATH'] ?? '', join(process.env['MESH_CI_CACHE'] ?? join(homedir(), '.cache/mesh-ci'), 'go')].join(delimiter)
const CERTS = resolve(import.meta.dirname, '../../../samples/bookshop/certs')
const SECTIONS = ['generic', 'http2', 'hpack']

const { values } = parseArgs({ options: { only: { type: 'string' }, help: { type: 'boolean', default: false } } })

if (values.help) console.log(USAGE)
else process.exitCode = await conform()

async function conform(): Promise<number> {
  if (spawnSync('h2spec', ['--version'], { env: { ...process.env, PATH } }).error !== undefined) {
    console.error('h2spec is not on PATH; .ci/run shows how it is installed.')
    return 1
  }
  const dir = mkdtempSync(join(tmpdir(), 'mesh-h2spec-'))
  const upstream = http.createServer((request, response) => {
    request.resume()
    response.end('hello')
  })
  await new Promise<void>((done) => upstream.listen(0, '127.0.0.1', done))
  const [plain, tls] = [await freePort(), await freePort()]
  const proxy = await startProxy({
    dir,
    port: plain,
    files: folder({ plain, tls, upstream: (upstream.address() as AddressInfo).port }),
    keep: false,
  })
  try {
    const results = [await h2spec('plain', plain, []), await h2spec('TLS', tls, ['--tls', '--insecure'])]
    return results.every((passed) => passed) ? 0 : 1
  } finally {
    await proxy.stop()
    upstream.closeAllConnections()
    upstream.close()
    rmSync(dir, { recursive: true, force: true })
  }
}

/** Prints the summary, and all that failed. */
async function h2spec(what: string, port: number, flags: readonly string[]): Promise<boolean> {
  const args = [
    '-h',
    '127.0.0.1',
    '-p',
    String(port),
    '-o',
    '5',
    '--timeout',
    '10',
    ...flags,
    ...(values.only === undefined ? SECTIONS : [values.only]),
  ]
  const child = spawn('h2spec', args, { env: { ...process.env, PATH, NO_COLOR: '1' } })
  let text = ''
  child.stdout.on('data', (piece: Buffer) => (text += piece.toString()))
  await new Promise((resolve) => child.once('close', resolve))
  const summary = /(\d+) tests, (\d+) passed, (\d+) skipped, (\d+) failed/.exec(text)
  const passed = summary !== null && summary[4] === '0'
  console.log(`${what}: ${summary?.[0] ?? `no result\n${text}`}`)
  if (!passed) console.log(text.slice(Math.max(0, text.indexOf('Failures:'))))
  return passed
}

function folder({ plain, tls, upstream }: { plain: number; tls: number; upstream: number }): Record<string, string> {
  const secure = { port: tls, protocol: 'HTTPS', tls: { serverCertificate: 'tls.pem', privateKey: 'tls-key.pem' } } as const
  const web = staticHost({ host: 'web.internal', at: { v1: upstream } })
  const all = objectsOf(gateway([{ port: plain }, secure]), routes([routeTo('web.internal')]), web)
  const cert = (name: string): string => readFileSync(join(CERTS, name), 'utf8')
  return { 'all.yaml': all, 'tls.pem': cert('books-cert.pem'), 'tls-key.pem': cert('books-key.pem') }
}
