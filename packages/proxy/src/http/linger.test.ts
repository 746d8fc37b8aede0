import { expect, test } from 'vitest'
import type { View } from '@mesh/core/view'
import { open, plane, rawUpstream, upstream } from '../testdata/open.ts'
import type { TestPlane } from '../testdata/plane.ts'
import { rawClient, type RawClient } from '../testdata/raw-client.ts'
import { settled } from '../testdata/settled.ts'
import { cluster, endpoint, outboundView, route } from '../testdata/views.ts'

const MEGABYTE = 1024 * 1024
const toOne = (port: number): View => outboundView([route('reviews')], [cluster('reviews', [endpoint(port)])])
const answering = (body: string): View => outboundView([route('', { action: { kind: 'respond', status: 200, body } })], [])
const QUICK = { lingerMs: 20, sweepMs: 10 }

async function clientOf(made: TestPlane): Promise<RawClient> {
  const client = await rawClient(made.port())
  open.push({ close: () => client.destroy() })
  return client
}

/** Bytes received until the end, with a pause after each piece. */
async function readSlowly(client: RawClient): Promise<{ readonly bytes: number; readonly reset: boolean }> {
  let bytes = 0
  client.socket.on('data', (chunk) => {
    bytes += chunk.length
    client.socket.pause()
    setTimeout(() => client.socket.resume(), 5)
  })
  client.socket.resume()
  const { reset } = await client.closed()
  return { bytes, reset }
}

test('a client that reads slower than any time bound gets all of a reply that closes', async () => {
  const server = await upstream((_request, response) => response.end(Buffer.alloc(8 * MEGABYTE)))
  const made = await plane(toOne(server.port), { limits: QUICK })
  const client = await clientOf(made)
  client.send('GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n')
  const { bytes, reset } = await readSlowly(client)
  expect(reset).toBe(false)
  expect(bytes).toBeGreaterThan(8 * MEGABYTE)
})

test('a client that reads nothing of a reply that closes is reset in the end', async () => {
  const made = await plane(answering('x'.repeat(8 * MEGABYTE)), { limits: { ...QUICK, callIdleMs: 300 } })
  const client = await clientOf(made)
  client.socket.pause()
  client.send('GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n')
  while (made.plane.counters.downstreamActive > 0 || made.records.length < 1) await new Promise((resolve) => setImmediate(resolve))
  client.socket.resume()
  expect((await client.closed()).reset).toBe(true)
})

test('a client that uploads all before it reads sees a reply that came early', async () => {
  const server = await rawUpstream((socket) => {
    socket.once('data', () => socket.write('HTTP/1.1 413 Too Large\r\ncontent-length: 3\r\n\r\nbig'))
  })
  const made = await plane(toOne(server.port))
  const client = await clientOf(made)
  client.socket.pause()
  client.send(`POST / HTTP/1.1\r\nhost: a\r\ncontent-length: ${8 * MEGABYTE}\r\n\r\n`)
  await made.recorded(1)
  await new Promise<void>((resolve) => void client.socket.write(Buffer.alloc(8 * MEGABYTE), () => resolve()))
  client.socket.resume()
  expect((await client.closed()).text).toMatch(/^HTTP\/1\.1 413 .*connection: close.*big$/is)
})

test('a client that sends request after request and reads no reply is answered no further, and goes on when it reads', async () => {
  const made = await plane(answering('x'.repeat(64 * 1024)))
  const client = await clientOf(made)
  client.socket.pause()
  const all = 1_000
  client.send('GET / HTTP/1.1\r\nhost: a\r\n\r\n'.repeat(all))
  const served = await settled(() => made.plane.counters.downstreamRequests)
  expect(served).toBeGreaterThan(0)
  expect(served).toBeLessThan(all / 2)
  let received = 0
  client.socket.on('data', (chunk) => (received += chunk.length))
  client.socket.resume()
  while (received < all * 64 * 1024) await new Promise((resolve) => setImmediate(resolve))
  expect(made.plane.counters.downstreamRequests).toBe(all)
})
