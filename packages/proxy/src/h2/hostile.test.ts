import { expect, test } from 'vitest'
import type { View } from '@mesh/core/view'
import { frame, frameTypes, get, preface } from '../testdata/h2-frames.ts'
import { open, plane } from '../testdata/open.ts'
import type { TestPlane } from '../testdata/plane.ts'
import { rawClient, type RawClient } from '../testdata/raw-client.ts'
import { settled } from '../testdata/settled.ts'
import { outboundView, route } from '../testdata/views.ts'

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
