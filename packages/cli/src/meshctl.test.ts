import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import { meshctl } from './testdata/meshctl.ts'
import { SmallMesh } from './testdata/small-mesh.ts'

const entry = (name: string, namespace: string, address: string, labels: string, meta = '') =>
  `apiVersion: networking.istio.io/v1\nkind: WorkloadEntry\nmetadata: {name: ${name}, namespace: ${namespace}${meta}}\nspec: {address: ${address}, serviceAccount: ${name.split('-')[0]}, labels: {${labels}, security.istio.io/tlsMode: istio}, ports: {http: 9080}}\n`

const CONFIG = [
  'apiVersion: v1\nkind: Service\nmetadata: {name: reviews}\nspec: {selector: {app: reviews}, ports: [{name: http, port: 9080}]}\n',
  'apiVersion: v1\nkind: Service\nmetadata: {name: ingress, namespace: istio-system}\nspec: {selector: {istio: ingressgateway}, ports: [{name: http, port: 80}]}\n',
  entry('reviews-v1-0', 'default', '127.64.0.2', 'app: reviews, version: v1', ', annotations: {mesh.io/workload: reviews-v1}'),
  entry('client-0', 'default', '127.64.0.3', 'app: client'),
  entry(
    'ingress-0',
    'istio-system',
    '127.64.0.4',
    'istio: ingressgateway',
    ', annotations: {mesh.io/proxy: gateway, mesh.io/workload: ingress}',
  ),
  'apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: reviews}\nspec: {host: reviews, subsets: [{name: v1, labels: {version: v1}}]}\n',
  'apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: reviews}\nspec:\n  hosts: [reviews]\n  http:\n  - timeout: 3s\n    route: [{destination: {host: reviews, subset: v1}}]\n',
  'apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: readers}\nspec: {selector: {matchLabels: {app: reviews}}, rules: [{to: [{operation: {methods: [GET]}}]}]}\n',
].join('---\n')

const mesh = new SmallMesh(CONFIG)
const run = (...args: string[]) => meshctl(mesh.dir, args)

beforeAll(() => mesh.start())
afterAll(() => mesh.stop())

test('validate tells place, mistake and fix, and answers 1; a good file answers 0', async () => {
  writeFileSync(join(mesh.dir, 'good.yaml'), CONFIG)
  writeFileSync(
    join(mesh.dir, 'bad.yaml'),
    'apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata:\n  name: a\nspec:\n  hots: reviews\n',
  )
  const good = await run('validate', '-f', 'good.yaml')
  expect(good).toMatchObject({ code: 0, stdout: 'valid: 8 good objects in 1 file, 0 errors, 0 warnings\n', stderr: '' })
  const bad = await run('validate', '-f', 'bad.yaml')
  expect(bad.code).toBe(1)
  expect(bad.stdout).toMatch(
    /^bad\.yaml:6:3: error IST0106 Unknown field `hots`\. Write `host`\. \(DestinationRule default\/a\) See:? .*IST0106(\.md)?$/m,
  )
  const folder = await run('validate', '-o', 'json', '.')
  expect(folder.code).toBe(1)
  expect(JSON.parse(folder.stdout)).toMatchObject({
    files: 2,
    objects: 8,
    errors: 2,
    findings: [{ code: 'IST0106', origin: { file: 'bad.yaml' } }, { code: 'IST0106' }],
  })
})

test('validate tells what it cannot read, and checks the rest', async () => {
  const folder = join(mesh.dir, 'unreadable')
  mkdirSync(folder)
  symlinkSync('nowhere', join(folder, 'a-link.yaml'))
  mkdirSync(join(folder, 'b-folder.yaml'))
  writeFileSync(join(folder, 'c-broken.yaml'), 'kind: [')
  writeFileSync(join(folder, 'd-good.yaml'), CONFIG)
  symlinkSync('b-folder.yaml', join(folder, 'e-link.yaml'))
  const { code, stdout, stderr } = await run('validate', '-f', 'unreadable')
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
  expect(stdout.trimEnd().split('\n')).toEqual([
    expect.stringMatching(/^unreadable\/a-link\.yaml: error MESH0001 The file cannot be read: ENOENT: /),
    expect.stringMatching(/^unreadable\/e-link\.yaml: error MESH0001 The file cannot be read: EISDIR: /),
    expect.stringMatching(/^unreadable\/c-broken\.yaml:1:\d+: error MESH0001 /),
    'not valid: 8 good objects in 4 files, 3 errors, 0 warnings',
  ])
  const explained = await run('explain', '--config', 'unreadable', 'GET', 'http://reviews:9080/')
  expect(explained.code).toBe(2)
  expect(explained.stderr).toContain('a-link.yaml" cannot be read')
})

test('validate reads standard input', async () => {
  const answer = await meshctl(mesh.dir, ['validate', '-f', '-'], 'kind: [')
  expect(answer.code).toBe(1)
  expect(answer.stdout).toMatch(/^stdin:1:\d+: error MESH0001 /)
})

test('ps shows each proxy with each type and the snapshot', async () => {
  const { code, stdout } = await run('ps')
  expect(code).toBe(0)
  const lines = stdout.trimEnd().split('\n')
  expect(lines[0]?.split(/ {2,}/)).toEqual(['NAME', 'CDS', 'LDS', 'EDS', 'RDS', 'SNAPSHOT', 'KIND', 'MODE'])
  expect(lines.slice(1).map((line) => line.split(/ {2,}/))).toEqual([
    ['client-0.default', 'SYNCED', 'SYNCED', 'SYNCED', 'SYNCED', mesh.snapshot.hash, 'sidecar', 'delta'],
    ['ingress-0.istio-system', 'SYNCED', 'SYNCED', 'SYNCED', 'SYNCED', mesh.snapshot.hash, 'gateway', 'delta'],
    ['reviews-v1-0.default', 'SYNCED', 'SYNCED', 'SYNCED', 'SYNCED', mesh.snapshot.hash, 'sidecar', 'delta'],
  ])
  expect((await run('proxy-status', '-n', 'istio-system', '-o', 'yaml')).stdout).toContain('name: ingress-0')
  expect((await run('ps', 'nobody')).code).toBe(1)
})

test('pc shows listeners, routes, clusters, endpoints and certificates in istioctl’s columns, and filters', async () => {
  const table = async (...args: string[]) => {
    const answer = await run('pc', ...args)
    expect(answer).toMatchObject({ code: 0, stderr: '' })
    return answer.stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split(/ {2,}/))
  }
  const clusters = await table('cluster', 'client-0', '--fqdn', 'reviews')
  expect(clusters[0]).toEqual(['SERVICE FQDN', 'PORT', 'SUBSET', 'DIRECTION', 'TYPE', 'DESTINATION RULE'])
  expect(clusters).toContainEqual([
    'reviews.default.svc.cluster.local',
    '9080',
    'v1',
    'outbound',
    'EDS',
    expect.stringMatching(/^default\/reviews \(mesh\.yaml:\d+:\d+\)$/),
  ])
  expect(await table('cluster', 'client-0', '--subset', 'v1')).toHaveLength(2)
  expect(await table('endpoint', 'client-0', '--subset', 'v1')).toContainEqual([
    '127.64.0.2:9080',
    'HEALTHY',
    'OK',
    'outbound|9080|v1|reviews.default.svc.cluster.local',
  ])
  expect((await table('listener', 'reviews-v1', '--direction', 'inbound')).slice(1).every((row) => row[0] === '127.64.0.2')).toBe(true)
  expect((await table('route', 'client-0.default')).some((row) => row.at(-1)?.startsWith('default/reviews (mesh.yaml:'))).toBe(true)
  expect((await table('secret', 'client-0')).map((row) => row.slice(0, 5))).toEqual([
    ['RESOURCE NAME', 'TYPE', 'STATUS', 'VALID CERT', 'SERIAL NUMBER'],
    ['default', 'Cert Chain', 'ACTIVE', 'true', '0b'],
    ['ROOTCA', 'CA', 'ACTIVE', 'false', '0a'],
  ])
})

test('pc prints the same as JSON and YAML', async () => {
  const json = await run('proxy-config', 'cluster', 'client-0', '-o', 'json', '--port', '9080')
  const yaml = await run('pc', 'clusters', 'client-0', '-o', 'yaml', '--port', '9080')
  expect(JSON.parse(json.stdout)).toEqual(parse(yaml.stdout))
  expect(JSON.parse(json.stdout)).toContainEqual(expect.objectContaining({ name: 'outbound|9080||reviews.default.svc.cluster.local' }))
})

test('pc bootstrap tells who the proxy is, and pc all everything at once', async () => {
  const bootstrap = await run('pc', 'bootstrap', 'client-0')
  expect(JSON.parse(bootstrap.stdout)).toMatchObject({ bootstrap: { node: 'client-0' } })
  const all = await run('pc', 'all', 'client-0', '-o', 'json')
  expect(Object.keys(JSON.parse(all.stdout))).toEqual(['listener', 'route', 'cluster', 'endpoint', 'secret'])
  expect((await run('pc', 'all', 'client-0')).stdout.match(/^(ADDRESS|NAME|SERVICE FQDN|ENDPOINT|RESOURCE NAME) /gm)).toHaveLength(5)
})

test('pc log changes the level of a proxy, also in the words of istioctl', async () => {
  expect(await run('pc', 'log', 'client-0:warning')).toMatchObject({ code: 0, stdout: expect.stringContaining('active loggers: warn') })
  expect(await run('proxy-config', 'log', 'client-0.default', '--level', 'http:warn')).toMatchObject({ code: 0 })
  expect((await run('pc', 'log', 'client-0:loud')).code).toBe(1)
})

test('x describe tells ports, policy, subsets and routes of a workload, each with its place', async () => {
  const told = await run('x', 'describe', 'pod', 'reviews-v1-0')
  expect(told).toMatchObject({ code: 0, stderr: '' })
  expect(told.stdout).toMatch(/^reviews-v1-0\.default at 127\.64\.0\.2/)
  expect(told.stdout).toMatch(/Port 9080 HTTP, reviews\.default\.svc\.cluster\.local/)
  expect(told.stdout).toMatch(/mTLS (STRICT|PERMISSIVE)/)
  expect(told.stdout).toMatch(/ALLOW AuthorizationPolicy default\/[\w-]+ \(mesh\.yaml:\d+:\d+\)/)
  expect(told.stdout).toMatch(/v1 of reviews\.default\.svc\.cluster\.local:9080 {2}\[DestinationRule default\/reviews/)
  expect(told.stdout).toMatch(/→ 100 % {2}\[VirtualService default\/reviews/)
  const json = JSON.parse((await run('experimental', 'describe', 'reviews-v1', '-o', 'json')).stdout)
  expect(json).toMatchObject({ workload: 'reviews-v1-0.default', snapshot: mesh.snapshot.hash, ports: [{ port: 9080, protocol: 'HTTP' }] })
  expect((await run('x', 'describe', 'nobody')).code).toBe(1)
})

test('explain names route, destination, timeout, mTLS and verdict with the line that decided it', async () => {
  const allowed = await run('explain', '--from', 'client-0', 'GET', 'http://reviews:9080/a')
  expect(allowed).toMatchObject({ code: 0, stderr: '' })
  expect(allowed.stdout).toMatch(/VirtualService default\/reviews mesh\.yaml:\d+:\d+/)
  expect(allowed.stdout).toMatch(/127\.64\.0\.2:9080/)
  expect(allowed.stdout).toMatch(/timeout 3000 ms; .*mTLS to 1 of 1 endpoint, allowed/)
  const denied = await run('explain', '--from', 'client-0', 'POST', 'reviews:9080/a', '-o', 'json')
  expect(denied.code).toBe(1)
  expect(JSON.parse(denied.stdout)).toMatchObject({
    from: 'client-0.default',
    outcome: {
      kind: 'forward',
      timeoutMs: 3000,
      shares: [{ percent: 100, endpoints: [{ address: '127.64.0.2', security: 'mtls', authorization: 'denied' }] }],
    },
  })
})

test('explain asks files as well as a running mesh, with the same answer', async () => {
  writeFileSync(join(mesh.dir, 'mesh.yaml'), CONFIG)
  const question = ['--from', 'client-0', 'GET', 'http://reviews:9080/a', '-H', 'end-user: jason', '-o', 'json']
  const running = await run('explain', ...question)
  const offline = await run('explain', '--config', 'mesh.yaml', ...question)
  expect(offline.code).toBe(0)
  expect(JSON.parse(offline.stdout)).toEqual(JSON.parse(running.stdout))
})

test('version tells client, control plane and proxies', async () => {
  const told = await run('version', '-o', 'json')
  expect(JSON.parse(told.stdout)).toEqual({
    client: '0.1.0',
    controlPlane: '9.8.7',
    proxies: { 'client-0.default': '9.8.6', 'ingress-0.istio-system': '9.8.6', 'reviews-v1-0.default': '9.8.6' },
  })
})

test('exit codes are honest: 1 for no, 2 for wrong usage, 3 when nobody answers', async () => {
  const code = async (...args: string[]) => (await run(...args)).code
  expect(await code('pc', 'cluster', 'nobody')).toBe(1)
  expect(await code('no-such-command')).toBe(2)
  expect(await code()).toBe(2)
  expect(await code('pc', 'cluster', 'client-0', '-o', 'xml')).toBe(2)
  expect(await code('pc', 'cluster', 'client-0', '--port', 'http')).toBe(2)
  expect(await code('validate')).toBe(2)
  expect(await code('validate', 'no-such-file.yaml')).toBe(2)
  expect(await code('explain', 'GET', 'http://')).toBe(2)
  expect(await code('explain', 'GET', 'http://reviews/', '-H', 'no header')).toBe(2)
  expect(await code('ps', '--pilot', '127.0.0.1:9')).toBe(3)
  expect(await code('--help')).toBe(0)
  expect((await meshctl('/', ['ps'])).code).toBe(3)
})

test('no colour goes into a file', async () => {
  expect(JSON.stringify((await run('validate', 'bad.yaml')).stdout)).not.toContain('\\u001b')
})
