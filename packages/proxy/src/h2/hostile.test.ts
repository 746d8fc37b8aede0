import { expect, test } from 'vitest'
import type { View } from '@mesh/core/view'
import { frame, frameTypes, get, preface } from '../testdata/h2-frames.ts'
import { open, plane, upstream } from '../testdata/open.ts'
import type { TestPlane } from '../testdata/plane.ts'
import { rawClient, type RawClient } from '../testdata/raw-client.ts'
import { settled } from '../testdata/settled.ts'
import { cluster, endpoint, outboundView, route } from '../testdata/views.ts'

const answering = (body: string): View => outboundView([route('', { action: { kind: 'respond', status: 200, body } })], [])

/** Frame types. */
const [HEADERS, RST_STREAM, GOAWAY] = [1, 3, 7]

async function clientOf(made: TestPlane): Promise<RawClient> {
  const client = await rawClient(made.port())
  open.push({ close: () => client.destroy() })
  return client
}

test('a client that begins call after call and reads no reply is soon refused, before its replies fill the memory', async () => {
  const made = await plane(answering('x'.repeat(4_096)))
  const client = await clientOf(made)
  client.socket.pause()
  const all = 20_000
  client.socket.write(preface())
  for (let call = 0; call < all; call++) client.socket.write(get(call * 2 + 1))
  while (made.plane.counters.downstreamProtocolErrors < 100) await new Promise((resolve) => setImmediate(resolve))
  expect(await settled(() => made.plane.counters.downstreamRequests)).toBeLessThan(all / 4)
  client.socket.resume()
  await client.closed()
  while (made.plane.counters.downstreamActive > 0) await new Promise((resolve) => setImmediate(resolve))
})

test('a client that reads no reply is not read from until it does', async () => {
  const made = await plane(answering(''))
  const client = await clientOf(made)
  client.socket.pause()
  const all = 100_000
  const calls = Array.from({ length: all }, (_, call) => get(call * 2 + 1))
  client.socket.write(Buffer.concat([preface(), ...calls]))
  expect(await settled(() => made.plane.counters.downstreamRequests)).toBeLessThan(all)
  client.socket.resume()
  while (made.plane.counters.downstreamRequests < all) await new Promise((resolve) => setImmediate(resolve))
  expect(made.plane.counters.downstreamProtocolErrors).toBe(0)
})

test('a client that reads late gets every reply whole', async () => {
  const body = 'x'.repeat(256 * 1024)
  const made = await plane(answering(body))
  const client = await clientOf(made)
  client.socket.pause()
  client.socket.write(Buffer.concat([preface(), ...Array.from({ length: 100 }, (_, call) => get(call * 2 + 1))]))
  await made.recorded(100)
  client.socket.resume()
  while (client.text.length < 100 * body.length) await new Promise((resolve) => setImmediate(resolve))
  expect(frameTypes(Buffer.from(client.text, 'latin1')).filter((type) => type === HEADERS)).toHaveLength(100)
  expect(made.plane.counters).toMatchObject({ downstreamProtocolErrors: 0, downstreamActive: 1 })
})

test('a reply that its client never takes is given up in the end', async () => {
  const made = await plane(answering('x'.repeat(4_096)), { limits: { callIdleMs: 50, sweepMs: 10 } })
  const client = await clientOf(made)
  const noRoom = frame(4, 0, 0, Buffer.from([0, 4, 0, 0, 0, 0]))
  client.socket.write(Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), noRoom, get(1)]))
  await made.recorded(1)
  while (!frameTypes(Buffer.from(client.text, 'latin1')).includes(RST_STREAM)) await new Promise((resolve) => setImmediate(resolve))
  expect(made.plane.counters.downstreamCallIdle).toBe(1)
})

test('a refusal that its client never takes is given up, too, and the connection counts as idle behind it', async () => {
  const made = await plane(answering(''), { limits: { callIdleMs: 50, downstreamIdleMs: 50, sweepMs: 10 } })
  const client = await clientOf(made)
  const noRoom = frame(4, 0, 0, Buffer.from([0, 4, 0, 0, 0, 0]))
  const connect = frame(1, 5, 1, Buffer.from([0x02, 7, ...Buffer.from('CONNECT'), 0x01, 3, ...Buffer.from('a:1')]))
  client.socket.write(Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), noRoom, connect]))
  while (!frameTypes(Buffer.from(client.text, 'latin1')).includes(RST_STREAM)) await new Promise((resolve) => setImmediate(resolve))
  expect(made.plane.counters.downstreamCallIdle).toBe(1)
  await client.closed()
  expect(made.plane.counters.downstreamIdleTimeouts).toBe(1)
})

test('a client that takes back a call whose reply waits for it leaves a drained connection', async () => {
  const made = await plane(answering('x'.repeat(4_096)))
  const client = await clientOf(made)
  const noRoom = frame(4, 0, 0, Buffer.from([0, 4, 0, 0, 0, 0]))
  client.socket.write(Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), noRoom, get(1)]))
  await made.recorded(1)
  const drained = made.plane.drain()
  client.socket.write(frame(RST_STREAM, 0, 1, Buffer.from([0, 0, 0, 8])))
  const { reset } = await client.closed()
  expect(reset).toBe(false)
  client.destroy()
  await drained
})

test('a client that does not answer a goodbye has its new calls refused, and its old ones ended in the end', async () => {
  const server = await upstream(() => undefined)
  const view = outboundView([route('reviews')], [cluster('reviews', [endpoint(server.port)])])
  const made = await plane(view, { limits: { goawayMs: 20, drainedCallsMs: 400, sweepMs: 10 } })
  const client = await clientOf(made)
  client.socket.write(Buffer.concat([preface(), get(1)]))
  await expect.poll(() => server.requests).toHaveLength(1)
  const drained = made.plane.drain()
  const types = (): number[] => frameTypes(Buffer.from(client.text, 'latin1'))
  while (types().filter((type) => type === GOAWAY).length < 2) await new Promise((resolve) => setImmediate(resolve))
  client.socket.write(get(3))
  while (!types().includes(RST_STREAM)) await new Promise((resolve) => setImmediate(resolve))
  await client.closed()
  await drained
  expect(server.requests).toHaveLength(1)
  expect(made.plane.counters.downstreamDrainTimeouts).toBe(1)
})

test('a client that breaks the rules and goes on sending still hears the reply before, and why it is over', async () => {
  const made = await plane(answering('heard'), { limits: { lingerMs: 200, sweepMs: 10 } })
  const client = await clientOf(made)
  client.socket.pause()
  client.socket.write(Buffer.concat([preface(), get(1)]))
  await made.recorded(1)
  // Payload of no stream is a connection error; more follows it.
  const broken = Buffer.concat([frame(0, 0, 0, Buffer.alloc(16)), Buffer.alloc(8 * 1024 * 1024)])
  await new Promise<unknown>((resolve) => client.socket.write(broken, resolve))
  client.socket.resume()
  const { text, reset } = await client.closed()
  expect(reset).toBe(false)
  expect(text).toContain('heard')
  expect(frameTypes(Buffer.from(text, 'latin1'))).toContain(GOAWAY)
  while (made.plane.counters.downstreamActive > 0) await new Promise((resolve) => setImmediate(resolve))
})
