import http from 'node:http'
import net, { type AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { check } from './check.ts'
import { probeSchema, type Probe } from './probe.ts'
import { watchProbe } from './watch.ts'

const open: (() => Promise<unknown>)[] = []

afterEach(async () => {
  await Promise.all(open.splice(0).map((close) => close()))
})

const listening = async (server: net.Server): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  open.push(() => new Promise((resolve) => server.close(resolve)))
  return (server.address() as AddressInfo).port
}

const at = (port: number) => ({ host: '127.0.0.1', port })
const probe = (value: object): Probe => probeSchema.parse(value)

test('an HTTP probe passes with 2xx and 3xx, and says what else came', async () => {
  const port = await listening(
    http.createServer((request, response) => response.writeHead(request.headers['x-code'] === undefined ? 503 : 302).end()),
  )
  const headers = [{ name: 'x-code', value: '1' }]
  expect(await check(probe({ httpGet: { path: '/healthz', httpHeaders: headers } }), at(port))).toBeUndefined()
  expect(await check(probe({ httpGet: { path: '/healthz' } }), at(port))).toBe('GET /healthz answers 503')
})

test('a probe may look at another port than the service', async () => {
  const port = await listening(http.createServer((_request, response) => response.end('ok')))
  expect(await check(probe({ httpGet: { port } }), at(1))).toBeUndefined()
  expect(await check(probe({ tcpSocket: { port } }), at(1))).toBeUndefined()
  expect(await check(probe({ tcpSocket: {} }), at(1))).toBe('port 1: nobody listens')
})

test('a server that takes connections and says nothing passes TCP, and fails HTTP in time', async () => {
  const sockets: net.Socket[] = []
  const port = await listening(net.createServer((socket) => void sockets.push(socket.on('error', () => undefined))))
  expect(await check(probe({ tcpSocket: {} }), at(port))).toBeUndefined()
  expect(await check(probe({ httpGet: {}, timeoutSeconds: 0.05 }), at(port))).toBe('GET /: no answer in 0.05 s')
  for (const socket of sockets) socket.destroy()
})

test('a request that Node does not send is a failure of the probe, and throws nothing', async () => {
  const asks = (httpGet: object): Probe => ({ ...probe({ httpGet: {} }), httpGet: { path: '/', httpHeaders: [], ...httpGet } })
  expect(await check(asks({ path: '/health check' }), at(1))).toMatch('GET /health check: Request path contains unescaped characters')
  expect(await check(asks({ httpHeaders: [{ name: 'Trailer', value: 'x' }] }), at(1))).toMatch('GET /: ')
})

test.each([{ path: '/health check' }, { path: '/größe' }, { httpHeaders: [{ name: 'Trailer', value: 'x' }] }])(
  'a probe that could never be sent is refused: %j',
  (httpGet) => expect(probeSchema.safeParse({ httpGet }).success).toBe(false),
)

test('an answer that changes the protocol is a failure', async () => {
  const server = net.createServer((socket) => {
    socket.on('error', () => undefined)
    socket.once('data', () => socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n'))
  })
  expect(await check(probe({ httpGet: {} }), at(await listening(server)))).toMatch(/^GET \/: /)
})

test('a check that throws has not passed, and is made again', async () => {
  const failures: unknown[] = []
  await new Promise<void>((resolve) => {
    const watch = watchProbe({
      probe: probe({ tcpSocket: {}, periodSeconds: 0.05 }),
      startPeriodMs: 1,
      check: () => {
        failures.push(watch.failure)
        if (failures.length === 2) throw new Error('thrown')
        if (failures.length === 3) {
          watch.stop()
          resolve()
        }
        return Promise.reject(new Error('rejected'))
      },
      onChange: () => undefined,
    })
  })
  expect(failures).toEqual([undefined, 'the probe failed: rejected', 'the probe failed: thrown'])
})

test('as many checks in a row as the thresholds say make a change, and the reason is the last one', async () => {
  const answers = ['starting', undefined, 'one', undefined, 'two', 'three', undefined, undefined]
  const told = await new Promise<readonly (string | undefined)[]>((resolve) => {
    const changes: (string | undefined)[] = []
    const watch = watchProbe({
      probe: probe({ tcpSocket: {}, periodSeconds: 0.05, failureThreshold: 2 }),
      startPeriodMs: 1,
      check: async () => {
        const answer = answers.shift()
        if (answers.length > 0) return answer
        watch.stop()
        resolve(changes)
        return answer
      },
      onChange: (failure) => changes.push(failure),
    })
  })
  expect(told).toEqual([undefined, 'three', undefined])
})

test('thresholds of success count too, and the first pass is awaited without the period', async () => {
  let checks = 0
  await new Promise<void>((resolve) => {
    const watch = watchProbe({
      probe: probe({ httpGet: {}, periodSeconds: 3600, successThreshold: 3 }),
      startPeriodMs: 1,
      check: async () => (++checks < 2 ? 'not yet' : undefined),
      onChange: () => {
        watch.stop()
        resolve()
      },
    })
  })
  expect(checks).toBe(4)
})

test('a probe that names no way or two ways to ask is refused', () => {
  expect(probeSchema.safeParse({ periodSeconds: 1 }).success).toBe(false)
  expect(probeSchema.safeParse({ httpGet: {}, tcpSocket: {} }).success).toBe(false)
})
