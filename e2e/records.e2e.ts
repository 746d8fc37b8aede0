import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ask, askJson, type Answer } from './src/http.ts'
import { failures, load } from './src/load.ts'
import { Mesh } from './src/mesh.ts'
import { ROOT, SOURCE, SOURCE_LINE } from './src/root.ts'
import { until } from './src/wait.ts'

let mesh: Mesh

beforeAll(async () => {
  // Without a collector: what is told comes from the proxies alone.
  mesh = await Mesh.start(['--no-telemetry'])
})

afterAll(async () => {
  await mesh.stop()
})

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/
const ABORT = 'virtual-service-ratings-test-abort.yaml'

async function cookieOf(user: string): Promise<string> {
  const body = `username=${user}&passwd=`
  const headers = { 'content-type': 'application/x-www-form-urlencoded', 'content-length': String(body.length) }
  const answer = await ask(`${mesh.ingress}/login`, { method: 'POST', headers, body })
  return String(answer.headers['set-cookie']).split(';')[0] ?? ''
}

/** Opens the page as jason; answers the id that the gateway gave it. */
async function openPage(): Promise<string> {
  const agent = `records-e2e/${Math.random()}`
  const page = await ask(`${mesh.ingress}/productpage`, { headers: { cookie: await cookieOf('jason'), 'user-agent': agent } })
  expect(page.status).toBe(200)
  const line = await mesh.logged('istio-ingressgateway', (one) => one.includes(agent))
  return UUID.exec(line)?.[0] ?? ''
}

/** meshctl, which must succeed. */
async function told(...args: string[]): Promise<string> {
  const answer = await mesh.meshctl(...args)
  expect(answer).toMatchObject({ code: 0, stderr: '' })
  return answer.stdout
}

async function abortRatings(): Promise<void> {
  await mesh.save('virtual-service-reviews-test-v2.yaml', mesh.read('networking/virtual-service-reviews-test-v2.yaml'))
  await mesh.save(ABORT, mesh.read(`networking/${ABORT}`))
}

test('after an injected abort meshctl alone shows where, by which line and why', async () => {
  await abortRatings()
  const id = await openPage()
  const short = id.slice(0, 8)
  const [, line = ''] =
    new RegExp(`^(.*${short}.*)$`, 'm').exec(await told('tap', '--to', 'ratings', '--status', '5xx', '--last', '50')) ?? []
  expect(line).toMatch(
    new RegExp(`reviews-v2 → ratings 500 · flag FI · GET /ratings/0 · .* · ${ABORT}:14 · id ${short} · meshctl explain ${short}$`),
  )
  const path = `gateway \\S+ ms › productpage \\S+ ms › reviews-v2 \\S+ ms › ratings 500 FI \\(injected by ${ABORT}:14\\)`
  expect(await told('trace', short)).toMatch(new RegExp(`^${path}$`, 'm'))
  const why = await told('explain', short)
  expect(why).toMatch(new RegExp(`^${path}$`, 'm'))
  expect(why).toContain(
    `config/${ABORT}:14:7: error FI A fault that is injected on purpose answered with 500. Take the fault out of VirtualService default/ratings to end it.`,
  )
  expect(why).toMatch(
    /fault +100 % are answered with 500 +\[VirtualService default\/ratings config\/virtual-service-ratings-test-abort\.yaml:14:7\]/,
  )
  await mesh.remove(ABORT)
  expect(await told('explain', short)).toContain('The configuration has changed since')
})

test('a trace is the whole way in one tree: each hop with its time, and the application side by side', async () => {
  const id = await openPage()
  const found = JSON.parse(await told('trace', id, '-o', 'json')) as { id: string; missing: string[]; calls: Told[] }
  expect(found).toMatchObject({ id, missing: [], calls: [{ name: 'gateway', status: 200 }] })
  const [gateway] = found.calls
  const [page] = gateway?.children ?? []
  expect(page).toMatchObject({ name: 'productpage', status: 200, route: { file: expect.stringContaining('bookinfo-gateway.yaml') } })
  expect(page?.children.map(({ name }) => name.replace(/-v\d$/, '')).toSorted()).toEqual(['details', 'reviews'])
  for (const child of page?.children ?? []) expect(child.ms).toBeLessThanOrEqual((page?.ms ?? 0) + 1)
  expect(page?.ms).toBeLessThanOrEqual((gateway?.ms ?? 0) + 1)
})

interface Told {
  readonly name: string
  readonly ms: number
  readonly status: number
  readonly children: readonly Told[]
}

/** The slowest way through the page; which of the two that is, is theirs to say. */
const WAY = /^gateway \S+ ms › productpage \S+ ms › (details-v\d|reviews-v2) /m

test('a trace needs no spans either: connections and times join it, and a proxy that forgot is named', async () => {
  const config = mesh.read('config/mesh-config.yaml')
  await mesh.save('mesh-config.yaml', config.replace('enableTracing: true', 'enableTracing: false'))
  const id = await openPage()
  const before = await told('trace', id)
  expect(before).toMatch(WAY)
  expect(before).toMatch(/^ {4}reviews-v2 .*\n {6}ratings /m)
  await load(1_100, 8, () => ask('http://ratings:9080/ratings/0', { proxy: mesh.proxy('client').outbound }))
  const after = await mesh.meshctl('trace', id)
  expect(after.code).toBe(0)
  expect(after.stdout).toMatch(WAY)
  expect(after.stdout).toMatch(/^ {4}reviews-v2 /m)
  expect(after.stdout).toMatch(/^The part of ratings-v1-0 is missing: its proxy has forgotten it and remembers only its last calls/m)
  const nobody = await mesh.meshctl('trace', '00000000-dead')
  expect(nobody).toMatchObject({ code: 1, stderr: expect.stringContaining('No proxy remembers a call 00000000-dead.') })
  await mesh.save('mesh-config.yaml', config)
})

/** What nobody outside may learn. */
const INSIDE = /127\.|default|productpage|reviews|svc|cluster|yaml|policy|VirtualService|Authorization|outbound|ns\[/i

async function expectRefusal(answer: Answer, status: number, sentence: string): Promise<string> {
  const id = UUID.exec(answer.body)?.[0] ?? ''
  expect([answer.status, answer.body]).toEqual([status, `${sentence} (id ${id})`])
  expect(answer.headers['x-request-id']).toBe(id)
  const { date: _, ...headers } = answer.headers
  expect(JSON.stringify([answer.body, headers])).not.toMatch(INSIDE)
  return id
}

/** The line about a refused request in the log of a proxy's process. */
function troubleLine(workload: string, id: string): Promise<{ msg: string; code: string; cause: { file: string; line: number } }> {
  const file = `.mesh/logs/${mesh.workload(workload).name}.proxy.log`
  return until(`the line of ${id}`, () => {
    const line = mesh
      .read(file)
      .split('\n')
      .find((one) => one.includes(id))
    return line === undefined ? undefined : (JSON.parse(line) as { msg: string; code: string; cause: { file: string; line: number } })
  })
}

const DENY = (name: string, namespace: string, app: string): string => `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: ${name}, namespace: ${namespace}}
spec:
  selector: {matchLabels: {${app}}}
  action: DENY
  rules:
  - to: [{operation: {paths: [/productpage]}}]
`

test('a 404 at the ingress tells a sentence and an id; log and record tell the rest', async () => {
  const id = await expectRefusal(await ask(`${mesh.ingress}/no-such-path`), 404, 'no route for this host and path')
  const line = await troubleLine('istio-ingressgateway', id)
  expect(line).toMatchObject({ code: 'NR', cause: { file: expect.stringMatching(/bookinfo-gateway\.yaml$/) } })
  expect(line.msg).toMatch(
    /bookinfo-gateway\.yaml:\d+:\d+: error NR No route of localhost:\d+ matches GET \/no-such-path\. Add a route that does; .* id [0-9a-f-]{36}\)$/,
  )
  expect(await told('explain', id)).toContain('config/bookinfo-gateway.yaml')
})

test('a 503 and a 403 of the gateway itself, and a 403 of a sidecar behind it, tell as little', async () => {
  await mesh.save(
    'nowhere.yaml',
    `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: nowhere, namespace: default}
spec:
  hosts: ['*']
  gateways: [bookinfo-gateway]
  http:
  - match: [{uri: {exact: /nowhere}}]
    route: [{destination: {host: reviews, subset: v9}}]
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: default}
spec:
  host: reviews
  subsets:
  - {name: v1, labels: {version: v1}}
  - {name: v2, labels: {version: v2}}
  - {name: v3, labels: {version: v3}}
  - {name: v9, labels: {version: v9}}
`,
  )
  const rules = await until(
    'the subset at the gateway',
    async () => {
      const view = await askJson<{ clusters: readonly { name: string }[] }>(`${mesh.proxy('istio-ingressgateway').admin}/view`)
      return view.clusters.some(({ name }) => name.includes('|v9|reviews')) ? true : undefined
    },
    5_000,
  ).catch(() => false)
  const nowhere = await ask(`${mesh.ingress}/nowhere`)
  // The sample has a rule of its own for reviews: the older one keeps its subsets, so that v9 may not be known at all.
  const [sentence, code] = rules ? ['no healthy upstream', 'UH'] : ['the destination of this route is not known', 'NC']
  const lost = await expectRefusal(nowhere, 503, sentence)
  expect((await troubleLine('istio-ingressgateway', lost)).msg).toMatch(
    new RegExp(`\\.yaml:\\d+:\\d+: error ${code} .*v9 of reviews\\.default\\.svc\\.cluster\\.local:9080.* id ${lost}\\)$`),
  )
  await mesh.save('deny-gateway.yaml', DENY('no-pages', 'istio-system', 'istio: ingressgateway'))
  const denied = await expectRefusal(await ask(`${mesh.ingress}/productpage`), 403, 'RBAC: access denied')
  expect((await troubleLine('istio-ingressgateway', denied)).msg).toMatch(
    /deny-gateway\.yaml:8:\d+: error rbac_access_denied_matched_policy AuthorizationPolicy istio-system\/no-pages denies the caller at 127\.0\.0\.1:\d+ for GET \/productpage\. /,
  )
  await mesh.remove('deny-gateway.yaml')
  await mesh.save('deny-page.yaml', DENY('no-page', 'default', 'app: productpage'))
  const inside = await ask(`${mesh.ingress}/productpage`)
  const id = await expectRefusal({ ...inside, headers: { ...inside.headers } }, 403, 'RBAC: access denied')
  expect((await troubleLine('productpage-v1', id)).msg).toContain(
    'AuthorizationPolicy default/no-page denies spiffe://cluster.local/ns/istio-system/sa/istio-ingressgateway-service-account for GET /productpage.',
  )
  expect(await told('trace', id)).toMatch(/^gateway 403 \S+ ms › productpage 403 \S+ ms \(denied by deny-page\.yaml:8\)$/m)
  await mesh.remove('deny-page.yaml')
  await mesh.remove('nowhere.yaml')
})

test('the access log keeps the default format of Istio, whatever is recorded beside it', async () => {
  const id = (await ask(`${mesh.ingress}/no-such-path`)).headers['x-request-id']
  const line = await mesh.logged('istio-ingressgateway', (one) => one.includes(String(id)))
  expect(line).toMatch(
    new RegExp(
      `^\\[[^\\]]+\\] "GET /no-such-path HTTP/1\\.1" 404 NR route_not_found - "-" 0 \\d+ \\d+ - "[^"]*" "-" "${id}" "[^"]+" "-" - - \\S+ \\S+ - -$`,
    ),
  )
})

test('a TCP connection has a record at both ends, and one that a policy refuses says which', async () => {
  const talk = async (): Promise<string> => {
    const answer = await mesh.meshctl('tap', '--to', 'tcp-echo', '--last', '20')
    return answer.stdout
  }
  expect(await connectEcho('hello\n')).toContain('hello')
  const line = await until(
    'the connection',
    async () => /client → tcp-echo tcp · \d+ B in, \d+ B out · .* · id tcp-e2e-1/.exec(await talk())?.[0],
  )
  expect(line).toBeDefined()
  const page = await askJson<{ records: readonly { protocol: string; reporter: string; bytesReceived: number }[] }>(
    `${mesh.proxy('tcp-echo').admin}/records?limit=5`,
  )
  expect(page.records).toContainEqual(expect.objectContaining({ protocol: 'tcp', reporter: 'destination', bytesReceived: 6 }))
  await mesh.save(
    'deny-tcp.yaml',
    `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: no-echo, namespace: default}
spec:
  selector: {matchLabels: {app: tcp-echo}}
  action: DENY
  rules:
  - to: [{operation: {ports: ['9000']}}]
`,
  )
  await connectEcho('hello\n').catch(() => '')
  const file = `.mesh/logs/${mesh.workload('tcp-echo').name}.proxy.log`
  await until('the denial', () =>
    /deny-tcp\.yaml:8:\d+: error rbac_access_denied_matched_policy AuthorizationPolicy default\/no-echo denies spiffe:[^ ]+\/sa\/client to this port/.test(
      mesh.read(file),
    )
      ? true
      : undefined,
  )
  await mesh.remove('deny-tcp.yaml')
})

/** Says something to tcp-echo through the client's sidecar; resolves with all that came back. */
async function connectEcho(text: string): Promise<string> {
  const { hostname, port } = new URL(mesh.proxy('client').outbound)
  const { connect } = await import('node:net')
  const socket = connect({ host: hostname, port: Number(port) })
  let heard = ''
  socket.setEncoding('utf8').on('data', (piece: string) => {
    if (heard === '') socket.end(text)
    heard += piece
  })
  socket.write('CONNECT tcp-echo:9000 HTTP/1.1\r\nHost: tcp-echo:9000\r\nx-request-id: tcp-e2e-1\r\n\r\n')
  await once(socket, 'close')
  return heard
}

test('tap follows live: each of 300 calls once, and top counts them', async () => {
  const meshctl = [...SOURCE, join(ROOT, 'apps/meshctl/src/main.ts')]
  const tap = spawn(process.execPath, [...meshctl, 'tap', '--to', 'ratings', '-o', 'json'], {
    cwd: mesh.dir,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let text = ''
  tap.stdout.on('data', (piece: Buffer) => (text += piece.toString()))
  const ended = once(tap, 'close')
  const outbound = mesh.proxy('reviews-v3').outbound
  const call = (id: string) => ask('http://ratings:9080/ratings/0', { proxy: outbound, headers: { 'x-request-id': id } })
  await until('tap to follow', async () => ((await call('warm-up'), text.includes('"warm-up"')) ? true : undefined))
  const ids = Array.from({ length: 300 }, (_, index) => `tap-e2e-${index}`)
  expect(failures(await load(ids.length, 8, (index) => call(ids[index] ?? '')))).toEqual([])
  await until('all of them', () => (text.split('tap-e2e-').length > ids.length ? true : undefined))
  expect(await told('top', '--once', '--window', '60')).toMatch(/^ratings +ratings +\d+\.\d +\d+(\.\d)? % +\S+ ms +\S+ ms +/m)
  tap.kill('SIGINT')
  expect(await ended).toEqual([0, null])
  const seen = text
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { requestId: string }).requestId)
  expect(seen.filter((id) => id.startsWith('tap-e2e-')).toSorted()).toEqual(ids.toSorted())
})

// `script` of util-linux makes the terminal.
test.runIf(process.platform === 'linux')('top on a terminal stands still on a screen of its own, and leaves it at Ctrl-C', async () => {
  const program = `${process.execPath} ${SOURCE_LINE} ${join(ROOT, 'apps/meshctl/src/main.ts')} top`
  const terminal = spawn('script', ['-qfec', program, '/dev/null'], { cwd: mesh.dir, stdio: ['pipe', 'pipe', 'inherit'] })
  let text = ''
  terminal.stdout.on('data', (piece: Buffer) => (text += piece.toString()))
  const ended = once(terminal, 'close')
  await until('two tables', () => (text.split('\u001b[H').length > 2 ? true : undefined))
  terminal.stdin.write('\u0003')
  await ended
  expect(text.startsWith('\u001b[?1049h')).toBe(true)
  expect(text).toContain('NAME')
  expect(text.endsWith('\u001b[?25h\u001b[?1049l')).toBe(true)
})

test('pilot remembers streams, responses and how they were answered', async () => {
  const { records } = await askJson<{ records: readonly { kind: string; node?: string; ms?: number }[] }>(
    `${mesh.run().pilot.monitoring}/debug/records`,
  )
  const acks = records.filter(({ kind, node }) => kind === 'ack' && node === 'istio-ingressgateway-0.istio-system')
  expect(acks.length).toBeGreaterThan(0)
  expect(acks.every(({ ms }) => typeof ms === 'number')).toBe(true)
})
