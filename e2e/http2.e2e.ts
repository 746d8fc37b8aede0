import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Client, credentials, status, type ServiceError } from '@grpc/grpc-js'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ask } from './src/http.ts'
import { ECHO } from './src/grpc-service.ts'
import { Mesh } from './src/mesh.ts'
import { ROOT } from './src/root.ts'
import { sumOf } from './src/prometheus.ts'

const CONFIG = `apiVersion: v1
kind: Service
metadata:
  name: grpc-echo
spec:
  ports:
  - port: 7070
    name: grpc
  selector:
    app: grpc-echo
`
const PROCESS = `  grpc-echo:
    command: [node, ${join(ROOT, 'e2e/src/grpc-echo.ts')}]
    port: 7070
    serviceAccount: grpc-echo
    labels: { app: grpc-echo, version: v1 }
`

let mesh: Mesh
let client: Client

beforeAll(async () => {
  mesh = await Mesh.start([], (dir) => {
    appendFileSync(join(dir, 'mesh.yaml'), PROCESS)
    writeFileSync(join(dir, 'config/grpc-echo.yaml'), CONFIG)
  })
  // What a gRPC client in any language honours: its sidecar as HTTP proxy.
  process.env['grpc_proxy'] = mesh.proxy('productpage-v1').outbound
  client = new Client('grpc-echo:7070', credentials.createInsecure())
})

afterAll(async () => {
  client.close()
  delete process.env['grpc_proxy']
  await mesh.stop()
})

const unary = (text: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const { path, requestSerialize, responseDeserialize } = ECHO.unary
    client.makeUnaryRequest(path, requestSerialize, responseDeserialize, Buffer.from(text), (error, reply) =>
      error === null ? resolve(String(reply)) : reject(error),
    )
  })

test('each of the four kinds of call passes two sidecars and mTLS', async () => {
  expect(await unary('hello')).toBe('hello')
  const { up, down, both } = ECHO
  const sent = await new Promise((resolve, reject) => {
    const call = client.makeClientStreamRequest(up.path, up.requestSerialize, up.responseDeserialize, (error, reply) =>
      error === null ? resolve(String(reply)) : reject(error),
    )
    for (const piece of ['a', 'b', 'c']) call.write(Buffer.from(piece))
    call.end()
  })
  expect(sent).toBe('abc')
  const received: string[] = []
  for await (const piece of client.makeServerStreamRequest(down.path, down.requestSerialize, down.responseDeserialize, Buffer.from('xyz')))
    received.push(String(piece))
  expect(received).toEqual(['x', 'y', 'z'])
  const call = client.makeBidiStreamRequest(both.path, both.requestSerialize, both.responseDeserialize)
  const echoed: string[] = []
  for (const word of ['one', 'two', 'three']) {
    call.write(Buffer.from(word))
    echoed.push(String(await new Promise((resolve) => call.once('data', resolve))))
  }
  call.end()
  expect(echoed).toEqual(['one', 'two', 'three'])
})

test('errors of the server and of the mesh are gRPC statuses', async () => {
  await expect(unary('fail')).rejects.toMatchObject({ code: status.NOT_FOUND, details: 'no such book' })
  await mesh.save(
    'deny.yaml',
    'apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata:\n  name: deny-echo\nspec:\n  selector:\n    matchLabels:\n      app: grpc-echo\n  action: DENY\n  rules:\n  - to:\n    - operation:\n        paths: ["/echo.Echo/Unary"]\n',
  )
  const denied = await unary('hello').then(
    () => undefined,
    (error: unknown) => error as ServiceError,
  )
  expect(denied?.code).toBe(status.PERMISSION_DENIED)
  await mesh.remove('deny.yaml')
  expect(await unary('again')).toBe('again')
})

test('a large message and many calls at once arrive whole', async () => {
  const large = 'm'.repeat(3_000_000)
  expect(await unary(large)).toBe(large)
  const many = await Promise.all(Array.from({ length: 200 }, (_, index) => unary(`call ${index}`)))
  expect(many).toEqual(Array.from({ length: 200 }, (_, index) => `call ${index}`))
})

test('metrics of both ends tell gRPC and its status, and the record HTTP/2', async () => {
  for (const [name, reporter] of [
    ['productpage-v1', 'source'],
    ['grpc-echo', 'destination'],
  ] as const) {
    const text = (await ask(`${mesh.proxy(name).metrics}/stats/prometheus`)).body
    const labels = { reporter, request_protocol: 'grpc', grpc_response_status: '0', destination_service_name: 'grpc-echo' }
    expect(sumOf(text, 'istio_requests_total', labels)).toBeGreaterThan(200)
  }
  expect(await mesh.logged('grpc-echo', (line) => line.includes('"POST /echo.Echo/Unary HTTP/2"'))).toContain(' 200 ')
})

test('a route splits gRPC calls like any other, and explain tells it', async () => {
  const told = await mesh.meshctl('explain', '--from', 'productpage-v1', 'POST', 'http://grpc-echo:7070/echo.Echo/Unary')
  expect(told.code, told.stderr).toBe(0)
  expect(told.stdout).toContain('outbound|7070||grpc-echo.default.svc.cluster.local')
  expect(readFileSync(join(mesh.dir, 'config/grpc-echo.yaml'), 'utf8')).toContain('grpc')
})

test('requests of HTTP/1.1 callers share connections between sidecars, until h2UpgradePolicy forbids it, and none fails over the change', async () => {
  const config = mesh.read('config/mesh-config.yaml')
  let done = false
  const failed: number[] = []
  const calling = Promise.all(
    Array.from({ length: 8 }, async () => {
      while (!done) {
        const { status: code } = await ask('http://details:9080/details/0', { proxy: mesh.proxy('productpage-v1').outbound })
        if (code !== 200) failed.push(code)
      }
    }),
  )
  await mesh.logged('details-v1', (line) => line.includes('"GET /details/0 HTTP/2"'))
  expect(await mesh.logged('productpage-v1', (line) => line.includes('GET /details/0'))).toContain('"GET /details/0 HTTP/1.1"')
  const told = await mesh.meshctl('explain', '--from', 'productpage-v1', 'GET', 'http://details:9080/details/0')
  expect(told.stdout).toContain('HTTP/2 on shared connections where both are of this mesh')
  await mesh.save('mesh-config.yaml', config.replace('enableAutoMtls: true', 'enableAutoMtls: true\n    h2UpgradePolicy: DO_NOT_UPGRADE'))
  await mesh.logged('details-v1', (line) => line.includes('"GET /details/0 HTTP/1.1"'))
  await mesh.save('mesh-config.yaml', config)
  done = true
  await calling
  expect(failed).toEqual([])
  const again = await ask('http://details:9080/details/0', { proxy: mesh.proxy('productpage-v1').outbound })
  expect(again.status).toBe(200)
})
