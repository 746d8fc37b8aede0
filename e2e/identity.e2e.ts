import { execFileSync } from 'node:child_process'
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import tls from 'node:tls'
import { certificatesOf, createKeyAndCsr, createRoot, issueLeaf, readCsr, svidFromCa } from '@mesh/x509'
import type { Svid } from '@mesh/core/identity'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ask } from './src/http.ts'
import { failures, Stream } from './src/load.ts'
import { Mesh } from './src/mesh.ts'
import { until } from './src/wait.ts'

let mesh: Mesh

beforeAll(async () => {
  mesh = await Mesh.start()
})

afterAll(async () => {
  await mesh.stop()
})

const strict = (): Promise<void> => mesh.save('default-peer-authentication.yaml', mesh.read('networking/peer-authentication-strict.yaml'))

const spiffe = (account: string, namespace = 'default'): string => `spiffe://cluster.local/ns/${namespace}/sa/${account}`

/** A valid SVID of a workload of the mesh, got as its proxy gets it. */
function svidOf(workload: string): Promise<Svid> {
  const { name, serviceAccount, namespace } = mesh.workload(workload)
  return svidFromCa({
    caAddress: mesh.run().ca?.address ?? '',
    caSpiffeId: spiffe('istio-ca', 'istio-system'),
    tokenFile: join(mesh.dir, `.mesh/tokens/${name}.jwt`),
    rootFile: join(mesh.dir, '.mesh/root.pem'),
    spiffeId: spiffe(serviceAccount, namespace),
  })(new AbortController().signal)
}

/** An SVID with the right name from a root that nobody trusts. */
async function foreignSvid(id: string): Promise<{ certChainPem: string; privateKeyPem: string }> {
  const root = await createRoot({ organization: 'cluster.local', nowMs: Date.now(), ttlMs: 3_600_000 })
  const { csrPem, privateKeyPem } = await createKeyAndCsr(id)
  const read = await readCsr(csrPem)
  if (read.kind === 'refused') throw new Error(read.reason)
  const leaf = await issueLeaf(root, { spiffeId: id, publicKeyDer: read.csr.publicKeyDer, nowMs: Date.now(), ttlMs: 3_600_000 })
  return { certChainPem: leaf.certificatePem, privateKeyPem }
}

/** One request over TLS to a workload's inbound port; answers the status line, or how it failed. */
function overTls(
  workload: string,
  port: number,
  path: string,
  identity: { certChainPem: string; privateKeyPem: string } | undefined,
): Promise<string> {
  return new Promise((resolve) => {
    let text = ''
    const socket = tls.connect({
      host: mesh.workload(workload).address,
      port,
      rejectUnauthorized: false,
      ALPNProtocols: ['istio'],
      ...(identity === undefined ? {} : { cert: identity.certChainPem, key: identity.privateKeyPem }),
    })
    socket.on('secureConnect', () => socket.write(`GET ${path} HTTP/1.1\r\nhost: ${workload}:${port}\r\nconnection: close\r\n\r\n`))
    socket.on('data', (piece: Buffer) => (text += piece.toString()))
    socket.on('close', () => resolve(text.split('\r\n')[0] === '' ? 'closed' : (text.split('\r\n')[0] ?? 'closed')))
    socket.on('error', () => resolve('refused'))
  })
}

const direct = (workload: string, path: string): Promise<string> =>
  ask(`http://${mesh.workload(workload).address}:9080${path}`).then(
    (answer) => `HTTP ${answer.status}`,
    () => 'refused',
  )

describe('who may connect', () => {
  test('PERMISSIVE takes plain text and mTLS on one port', async () => {
    expect(await direct('ratings-v1', '/ratings/0')).toBe('HTTP 200')
    expect(await overTls('ratings-v1', 9080, '/ratings/0', await svidOf('reviews-v1'))).toBe('HTTP/1.1 200 OK')
  })

  test('STRICT refuses plain text, TLS without a certificate and a certificate of a foreign root; the mesh itself goes on', async () => {
    await strict()
    expect(await direct('ratings-v1', '/ratings/0')).toBe('refused')
    expect(await overTls('ratings-v1', 9080, '/ratings/0', undefined)).toMatch(/refused|closed/)
    expect(await overTls('ratings-v1', 9080, '/ratings/0', await foreignSvid(spiffe('bookinfo-reviews')))).toMatch(/refused|closed/)
    expect(await overTls('ratings-v1', 9080, '/ratings/0', await svidOf('reviews-v1'))).toBe('HTTP/1.1 200 OK')
    expect((await ask('http://ratings:9080/ratings/0', { proxy: mesh.proxy('reviews-v2').outbound })).status).toBe(200)
    expect((await ask(`${mesh.ingress}/productpage`)).status).toBe(200)
  })

  test('an ALLOW policy lets reviews read ratings and refuses everybody else and every other method', async () => {
    await mesh.save('ratings-viewer.yaml', mesh.read('networking/authorization-policy-ratings.yaml'))
    const from = async (workload: string, method = 'GET'): Promise<number> =>
      (await ask('http://ratings:9080/ratings/0', { proxy: mesh.proxy(workload).outbound, method })).status
    expect(await from('reviews-v2')).toBe(200)
    expect(await from('reviews-v2', 'DELETE')).toBe(403)
    expect(await from('productpage-v1')).toBe(403)
    const denied = await until('the log line', () => mesh.accessLog('ratings-v1').find((line) => line.includes('rbac_access_denied')))
    expect(denied).toContain(' 403 ')
    expect(await overTls('ratings-v1', 9080, '/ratings/0', await svidOf('productpage-v1'))).toContain('403')
  })

  test('a DENY policy by path and namespace wins over the ALLOW', async () => {
    await mesh.save(
      'ratings-deny.yaml',
      `apiVersion: security.istio.io/v1beta1
kind: AuthorizationPolicy
metadata: {name: ratings-deny, namespace: default}
spec:
  selector: {matchLabels: {app: ratings}}
  action: DENY
  rules:
  - from: [{source: {namespaces: [default]}}]
    to: [{operation: {paths: ["/ratings/1*"]}}]
`,
    )
    const get = async (path: string): Promise<number> =>
      (await ask(`http://ratings:9080${path}`, { proxy: mesh.proxy('reviews-v2').outbound })).status
    expect([
      await get('/ratings/0'),
      await get('/ratings/1'),
      await get('/ratings/12'),
      await get('/ratings//1'),
      await get('/x/../ratings/1'),
    ]).toEqual([200, 403, 403, expect.any(Number), 403])
    await mesh.remove('ratings-deny.yaml')
    await mesh.remove('ratings-viewer.yaml')
  })
})

test("another workload's valid certificate is refused where it poses as a service", async () => {
  const imposter = await svidOf('details-v1')
  const served: string[] = []
  const server = tls.createServer(
    { cert: imposter.certChainPem, key: imposter.privateKeyPem, ca: imposter.rootsPem, requestCert: true, ALPNProtocols: ['istio'] },
    (socket) => {
      socket.on('error', () => socket.destroy())
      socket.on('data', (piece: Buffer) => {
        served.push(piece.toString())
        socket.end('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n')
      })
    },
  )
  server.on('tlsClientError', () => {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = address !== null && typeof address === 'object' ? address.port : 0
  try {
    await mesh.save(
      'imposter.yaml',
      `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: payments}
spec:
  hosts: [payments.default.svc.cluster.local]
  location: MESH_INTERNAL
  ports: [{number: 9080, name: http, protocol: HTTP}]
  resolution: STATIC
  endpoints:
  - address: 127.0.0.1
    ports: {http: ${port}}
    serviceAccount: bookinfo-ratings
    labels: {security.istio.io/tlsMode: istio}
`,
    )
    const answer = await ask('http://payments.default.svc.cluster.local:9080/', { proxy: mesh.proxy('productpage-v1').outbound })
    expect(answer.status).toBe(503)
    expect(served).toEqual([])
    await mesh.logged('productpage-v1', (line) => line.includes('payments') && / 503 (UF|UF,URX|URX,UF) /.test(line))
  } finally {
    server.close()
    await mesh.remove('imposter.yaml')
  }
})

test('pilot serves a node only what its certificate says it is', async () => {
  const { pilot } = mesh.run()
  expect(pilot.xds).toMatch(/:15012$/)
  const outcome = await new Promise<string>((resolve) => {
    const [host = '', port = ''] = pilot.xds.split(':')
    const socket = tls.connect({ host, port: Number(port), rejectUnauthorized: false, ALPNProtocols: ['h2'] })
    socket.on('secureConnect', () => socket.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'))
    socket.on('data', () => resolve('served'))
    socket.on('error', () => resolve('refused'))
    socket.on('close', () => resolve('refused'))
  })
  expect(outcome).toBe('refused')
})

test('certificates are renewed before they expire and not one request fails meanwhile', async () => {
  const short = await Mesh.start([], (dir) => {
    const file = join(dir, 'mesh.yaml')
    writeFileSync(file, `${readFileSync(file, 'utf8')}\nca:\n  workloadTtlSeconds: 8\n`)
  })
  try {
    const serial = async (): Promise<string> => {
      const certs = JSON.parse((await ask(`${short.proxy('reviews-v2').admin}/certs`)).body) as {
        certificates: readonly { cert_chain: readonly { serial_number: string }[] }[]
      }
      return certs.certificates.flatMap((one) => one.cert_chain)[0]?.serial_number ?? ''
    }
    const stream = new Stream('http://ratings:9080/ratings/0', { lanes: 2, proxy: short.proxy('reviews-v2').outbound })
    const seen = new Set<string>()
    await until('three renewals', async () => {
      seen.add(await serial())
      return seen.size >= 4 ? true : undefined
    })
    const outcomes = await stream.stop()
    expect(outcomes.length).toBeGreaterThan(100)
    expect(failures(outcomes)).toEqual([])
  } finally {
    await short.stop()
  }
})

test('keys are made by the proxies themselves and are on no disk', async () => {
  const svid = await svidOf('reviews-v1')
  const [leaf] = certificatesOf(svid.certChainPem)
  expect(leaf !== undefined && new X509Certificate(leaf).checkPrivateKey(createPrivateKey(svid.privateKeyPem))).toBe(true)
  const files = execFileSync('grep', ['-rlE', 'PRIVATE KEY', join(mesh.dir, '.mesh')], { encoding: 'utf8' })
    .trim()
    .split('\n')
  expect(files.map((file) => file.slice(mesh.dir.length))).toEqual([expect.stringMatching(/^\/\.mesh\/state\/ca\//)])
})
