import { expect, test } from 'vitest'
import type { View } from '@mesh/core/view'
import { h2Ask, h2BodyOf, h2Client, h2Upstream } from '../testdata/h2.ts'
import { plane } from '../testdata/open.ts'
import { settled } from '../testdata/settled.ts'
import { cluster, endpoint, outboundView, route } from '../testdata/views.ts'

const toH2 = (port: number): View => outboundView([route('reviews')], [cluster('reviews', [endpoint(port)], { protocol: 'h2' })])

test('large bodies pass a chain of proxies in both directions, beside small ones', async () => {
  const server = await h2Upstream(
    (stream) =>
      void h2BodyOf(stream).then((body) => {
        stream.respond({ ':status': 200 }, { waitForTrailers: true })
        stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }))
        stream.end(body)
      }),
  )
  const inner = await plane(toH2(server.port))
  const outer = await plane(toH2(inner.port()))
  const client = h2Client(outer.port())
  for (let round = 0; round < 5; round++) {
    const bodies = ['a', 'b'.repeat(3_000_000), 'c'.repeat(300_000), 'd'.repeat(3_000_000)]
    const answers = await Promise.all(bodies.map((body) => h2Ask(client, { ':path': '/', ':method': 'POST', te: 'trailers' }, body)))
    expect(answers.map(({ body, trailers }) => [body.length, trailers['grpc-status']])).toEqual(bodies.map((body) => [body.length, '0']))
  }
})

test.each(['server', 'client'])('bodies that nobody read until their %s broke off leave room for those that somebody does', async (who) => {
  let begun = 0
  let breakOff = (): void => undefined
  const server = await h2Upstream((stream, headers) => {
    if (headers[':path'] === '/read') {
      return void h2BodyOf(stream).then((body) => {
        stream.respond({ ':status': 200 })
        stream.end(String(body.length))
      })
    }
    begun++
    if (who === 'server') breakOff = () => stream.close(2)
  })
  const { port, plane: data } = await plane(toH2(server.port))
  const client = h2Client(port())
  for (let call = 1; call <= 40; call++) {
    const upload = client.request({ ':path': '/', ':method': 'POST', ':authority': 'a' })
    upload.on('error', () => undefined).resume()
    upload.write(Buffer.alloc(200_000))
    const over = new Promise((resolve) => upload.once('close', resolve))
    while (begun < call) await new Promise((resolve) => setImmediate(resolve))
    await settled(() => upload.writableLength + (client.state.remoteWindowSize ?? 0))
    if (who === 'client') upload.close(8)
    else breakOff()
    await over
    while (data.counters.upstreamRequestsActive > 0) await new Promise((resolve) => setImmediate(resolve))
  }
  expect((await h2Ask(client, { ':path': '/read', ':method': 'POST' }, Buffer.alloc(3_000_000))).body).toBe('3000000')
})
