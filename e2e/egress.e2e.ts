import { execFile } from 'node:child_process'
import net from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ask } from './src/http.ts'
import { Mesh } from './src/mesh.ts'
import { sumOf } from './src/prometheus.ts'
import { until } from './src/wait.ts'

let mesh: Mesh

beforeAll(async () => {
  mesh = await Mesh.start()
})

afterAll(async () => {
  await mesh.stop()
})

/** Sends `text`, half-closes, and reads to the end. */
function exchange(host: string, port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = ''
    const socket = net.connect({ host, port, allowHalfOpen: true }, () => socket.end(text))
    socket.on('data', (piece: Buffer) => (answer += piece.toString()))
    socket.on('end', () => resolve(answer))
    socket.on('error', reject)
  })
}

test('TCP goes through both sidecars by the explicit listener, half-close and all', async () => {
  const client = mesh.workload('client')
  const big = 'x'.repeat(300_000)
  expect(await exchange(client.address, 9000, 'hello mesh\n')).toContain('hello mesh')
  expect((await exchange(client.address, 9000, `${big}\n`)).length).toBeGreaterThanOrEqual(big.length)
  const at = async (name: string): Promise<string> => (await ask(`${mesh.proxy(name).metrics}/stats/prometheus`)).body
  const closed = await until('both ends to have counted', async () => {
    const source = sumOf(await at('client'), 'istio_tcp_connections_closed_total', {
      reporter: 'source',
      destination_service: 'tcp-echo.default.svc.cluster.local',
    })
    const destination = sumOf(await at('tcp-echo'), 'istio_tcp_connections_closed_total', {
      reporter: 'destination',
      source_workload: 'client',
    })
    return source === 2 && destination === 2 ? [source, destination] : undefined
  })
  expect(closed).toEqual([2, 2])
  expect(sumOf(await at('tcp-echo'), 'istio_tcp_received_bytes_total', { source_workload: 'client' })).toBe(300_001 + 11)
})

test('the shell client with curl reaches the services by their names', async () => {
  const { outbound } = mesh.proxy('client')
  const body = await new Promise<string>((resolve, reject) => {
    execFile('curl', ['-sS', '-x', outbound, 'http://details:9080/details/0'], (error, stdout) =>
      error === null ? resolve(stdout) : reject(error),
    )
  })
  expect(JSON.parse(body)).toMatchObject({ id: 0 })
})

test('details v2 reads from an HTTPS service outside the mesh', async () => {
  await mesh.save(
    'details.yaml',
    `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: details
spec:
  hosts: [details]
  http:
  - route:
    - destination: {host: details, subset: v2}
`,
  )
  const answer = await ask('http://details:9080/details/0', { proxy: mesh.proxy('productpage-v1').outbound })
  expect(answer.status).toBe(200)
  await mesh.logged('details-v2', (line) => /outbound\|(443|80)\|/.test(line))
})

test('traffic to unknown hosts is allowed or refused as the mesh says', async () => {
  const outside = net
    .createServer(
      (socket) =>
        void socket
          .on('error', () => socket.destroy())
          .resume()
          .end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok'),
    )
    .listen(0, '127.0.0.1')
  await new Promise((resolve) => outside.once('listening', resolve))
  const { port } = outside.address() as net.AddressInfo
  const url = `http://127.0.0.1:${port}/`
  const proxy = mesh.proxy('productpage-v1').outbound
  try {
    expect((await ask(url, { proxy })).status).toBe(200)
    const text = mesh.read('config/mesh-config.yaml')
    await mesh.save('mesh-config.yaml', text.replace(/mode: ALLOW_ANY/, 'mode: REGISTRY_ONLY'))
    expect((await ask(url, { proxy })).status).toBe(502)
    await mesh.logged('productpage-v1', (line) => line.includes('BlackHoleCluster'))
    await mesh.save('mesh-config.yaml', text)
    expect((await ask(url, { proxy })).status).toBe(200)
  } finally {
    outside.close()
  }
})
