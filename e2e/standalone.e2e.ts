import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import http2 from 'node:http2'
import https from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { Client, credentials, type ServiceError } from '@grpc/grpc-js'
import { loadSources } from '@mesh/core/config'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { mismatch, readDocPage } from './src/doc-page.ts'
import { ECHO } from './src/grpc-service.ts'
import { ask, type Answer } from './src/http.ts'
import { failures, Stream } from './src/load.ts'
import { ROOT, SOURCE, SOURCE_LINE } from './src/root.ts'
import { sample, useSample, withPorts } from './src/standalone-sample.ts'
import { freePorts, MAIN, Standalone } from './src/standalone.ts'
import { until } from './src/wait.ts'

let dir: string
let folder: string
const cleanups: (() => unknown)[] = []

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'mesh-standalone-'))
  folder = join(dir, 'config')
  mkdirSync(folder)
})

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
  rmSync(dir, { recursive: true, force: true })
})

const save = (name: string, text: string): void => writeFileSync(join(folder, name), text)

/** A small server that answers with its name. */
async function upstream(name: string): Promise<number> {
  const server = http.createServer((request, response) => response.end(`${name} ${request.url}`)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  cleanups.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

function start(...args: string[]): Standalone {
  const proxy = new Standalone(folder, args)
  cleanups.push(() => proxy.stop('SIGKILL'))
  return proxy
}

test('a proxy that may use less memory than it does turns callers away, and says why and by which setting', async () => {
  const [v1, v2, [port = 0, admin = 0]] = [await upstream('v1'), await upstream('v2'), await freePorts(2)]
  useSample(folder, { 8080: port, 9001: v1, 9002: v2 })
  const proxy = start('--admin', String(admin), '--memory-limit', '16Mi')
  await proxy.serving()
  await expect(ask(`http://127.0.0.1:${port}/hello`)).rejects.toThrow(/socket hang up|ECONNRESET/)
  const { body } = await ask(`http://127.0.0.1:${admin}/stats`)
  expect(body).toContain('overload.envoy.overload_actions.reject_incoming_connections.active: 1\n')
  expect(body).toContain('mesh.memory_limit: 16777216\n')
  expect(body).toMatch(/^downstream_cx_overload_reject: [1-9]/m)
  const { level, msg } = await proxy.logged('memory', (line) => line.msg.startsWith('memory is short'))
  expect(level).toBe('warn')
  expect(msg).toMatch(/^memory is short \(memoryLimit, --memory-limit\): new connections are closed at once/)
  expect(await proxy.stop()).toBe(0)
})

test('configuration changes, breaks and is mended under load, without a failed request', async () => {
  const [v1, v2, [port = 0, admin = 0]] = [await upstream('v1'), await upstream('v2'), await freePorts(2)]
  useSample(folder, { 8080: port, 9001: v1, 9002: v2 })
  const proxy = start('--admin', String(admin))
  await proxy.serving()
  const url = `http://127.0.0.1:${port}/hello`
  const stream = new Stream(url, { lanes: 4 })
  cleanups.push(() => stream.stop())
  const routes = sample('routes.yaml')
  const answered = (text: string): Promise<Answer> =>
    until(`"${text}"`, async () => {
      const answer = await ask(url)
      return answer.body === text ? answer : undefined
    })
  await answered('v1 /hello')
  for (const subset of ['v2', 'v1', 'v2']) {
    save('routes.yaml', routes.replaceAll(/subset: v\d/g, `subset: ${subset}`))
    await answered(`${subset} /hello`)
  }
  save('routes.yaml', `${routes.replace("hosts: ['*']", 'hosts: 5')}`)
  const finding = await proxy.logged('the broken object', ({ code }) => code === 'IST0106')
  expect(finding).toMatchObject({ level: 'error', place: `${join(folder, 'routes.yaml')}:7:3` })
  expect((await ask(url)).body).toBe('v2 /hello')
  save('routes.yaml', ': : :\n - [')
  await proxy.logged('the broken file', ({ code }) => code === 'MESH0001')
  expect((await ask(url)).body).toBe('v2 /hello')
  save('routes.yaml', routes)
  await answered('v1 /hello')
  const outcomes = await stream.stop()
  expect(failures(outcomes)).toEqual([])
  expect(outcomes.length).toBeGreaterThan(20)
  expect((await ask(`http://127.0.0.1:${admin}/ready`)).body).toBe('LIVE\n')
  expect((await ask(`http://127.0.0.1:${admin}/stats/prometheus`)).body).toContain('istio_requests_total')
  expect(await proxy.stop()).toBe(0)
  expect(proxy.stdout).toContain('"GET /hello HTTP/1.1" 200')
})

test('requests under way end when the proxy is asked to go, and it ends with 0', async () => {
  const server = http.createServer((_request, response) => {
    response.write('begin ')
    setTimeout(() => response.end('end'), 700)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  cleanups.push(() => server.close())
  const [port = 0] = await freePorts(1)
  useSample(folder, { 8080: port, 9001: (server.address() as AddressInfo).port })
  const proxy = start()
  await proxy.serving()
  const request = http.get(`http://127.0.0.1:${port}/slow`, { agent: false })
  const [reply] = (await once(request, 'response')) as [http.IncomingMessage]
  const ended = proxy.stop()
  let body = ''
  for await (const piece of reply) body += String(piece)
  expect(body).toBe('begin end')
  expect(await ended).toBe(0)
})

const SECURE = `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: secure }
spec:
  servers:
    - port: { number: 8443, name: https, protocol: HTTPS }
      hosts: ['books.example.com']
      tls: { mode: SIMPLE, serverCertificate: certs/tls.pem, privateKey: certs/tls-key.pem }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: secure }
spec:
  hosts: ['books.example.com']
  gateways: [secure]
  http:
    - match: [{ uri: { prefix: /echo.Echo/ } }]
      route: [{ destination: { host: echo.internal } }]
    - route: [{ destination: { host: web.internal, subset: v1 } }]
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: echo }
spec:
  hosts: [echo.internal]
  location: MESH_INTERNAL
  resolution: STATIC
  ports: [{ number: 9000, name: grpc, protocol: GRPC }]
  endpoints: [{ address: 127.0.0.1, ports: { grpc: 9003 } }]
`

test('TLS from files speaks HTTP/1.1, HTTP/2 and gRPC', async () => {
  const [port = 0, secure = 0, grpc = 0] = await freePorts(3)
  const echo = spawn(process.execPath, [...SOURCE, join(import.meta.dirname, 'src/grpc-echo.ts')], {
    env: { ...process.env, HOST: '127.0.0.1', PORT: String(grpc) },
    stdio: 'inherit',
  })
  cleanups.push(() => echo.kill('SIGKILL'))
  useSample(folder, { 8080: port, 9001: await upstream('v1') })
  save('secure.yaml', withPorts(SECURE, { 8443: secure, 9003: grpc }))
  mkdirSync(join(folder, 'certs'))
  const certs = join(ROOT, 'samples/bookshop/certs')
  copyFileSync(join(certs, 'books-cert.pem'), join(folder, 'certs/tls.pem'))
  copyFileSync(join(certs, 'books-key.pem'), join(folder, 'certs/tls-key.pem'))
  await start().serving()
  const ca = readFileSync(join(certs, 'books-cert.pem'))
  const servername = 'books.example.com'

  const request = https.get({ host: '127.0.0.1', port: secure, path: '/one', ca, servername, headers: { host: servername }, agent: false })
  const [reply] = (await once(request, 'response')) as [http.IncomingMessage]
  expect(`${reply.httpVersion} ${reply.statusCode} ${String(await reply.toArray())}`).toBe('1.1 200 v1 /one')

  const session = http2.connect(`https://127.0.0.1:${secure}`, { ca, servername })
  cleanups.push(() => session.destroy())
  const call = session.request({ ':path': '/two', ':authority': servername })
  const [headers] = (await once(call, 'response')) as [http2.IncomingHttpHeaders]
  expect(`${session.alpnProtocol} ${headers[':status']} ${String(await call.toArray())}`).toBe('h2 200 v1 /two')

  const client = new Client(`127.0.0.1:${secure}`, credentials.createSsl(ca), {
    'grpc.ssl_target_name_override': servername,
    'grpc.default_authority': servername,
  })
  cleanups.push(() => client.close())
  const unary = (text: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const { path, requestSerialize, responseDeserialize } = ECHO.unary
      const done = (error: ServiceError | null, value?: Buffer): void => (error === null ? resolve(String(value)) : reject(error))
      client.makeUnaryRequest(path, requestSerialize, responseDeserialize, Buffer.from(text), done)
    })
  expect(await until('the echo service', () => unary('hello'))).toBe('hello')
  await expect(unary('fail')).rejects.toThrow('no such book')
})

test.each(['docs/standalone.md', 'packages/proxy/README.md'])('every block of %s does what the page says', async (page) => {
  const [port = 0, v1 = 0, v2 = 0, admin = 0, health = 0, metrics = 0] = await freePorts(6)
  const ports = { 8080: port, 9001: v1, 9002: v2, 15000: admin }
  cpSync(join(ROOT, 'samples/standalone'), folder, { recursive: true })
  useSample(folder, ports)
  mkdirSync(join(dir, 'bin'))
  const proxy = `exec "${process.execPath}" ${SOURCE_LINE} "${MAIN}" --admin ${admin} --health ${health} --metrics ${metrics} "$@"`
  writeFileSync(join(dir, 'bin/npx'), `#!/bin/sh\n[ "$1" = mesh-proxy ] || exit 2\nshift\n${proxy}\n`, { mode: 0o755 })
  const steps = readDocPage(join(ROOT, page))
  const configs = steps.flatMap((step) => (step.kind === 'run' ? [] : [{ file: `page.yaml:${step.line}`, text: step.text }]))
  expect(loadSources(configs).findings.filter(({ severity }) => severity === 'error')).toEqual([])
  // One shell for the whole page, as a reader has it: what runs in the background goes on.
  const blocks = steps.flatMap((step) => (step.kind === 'run' ? [step] : []))
  const script = blocks.map((block, at) => `echo "=== ${at}"\n${withPorts(block.script, ports).replaceAll('/tmp/', `${dir}/`)}`).join('\n')
  const outputs = (await shell(script)).split(/^=== \d+$/m).slice(1)
  const complaints = blocks.flatMap(({ line, expected }, at) => {
    const wanted = expected === undefined ? undefined : withPorts(expected, ports)
    const complaint = outputs[at] === undefined ? 'it was not reached' : wanted === undefined ? undefined : mismatch(wanted, outputs[at])
    return complaint === undefined ? [] : [`${page}:${line}: ${complaint}`]
  })
  expect(complaints).toEqual([])
})

async function shell(script: string): Promise<string> {
  const PATH = [join(dir, 'bin'), dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter)
  // A group of its own, so that nothing is left of what it started.
  const child = spawn('bash', ['-euo', 'pipefail', '-c', script], { cwd: folder, env: { ...process.env, PATH }, detached: true })
  const kill = (): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
    } catch {
      // It has ended as it should.
    }
  }
  cleanups.push(kill)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece: Buffer) => (output += piece.toString()))
  const timer = setTimeout(kill, 100_000)
  const [code] = (await once(child, 'exit')) as [number | null]
  clearTimeout(timer)
  kill()
  return code === 0 ? output : `${output}\n(the shell ended with ${code})`
}
