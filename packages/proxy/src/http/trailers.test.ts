import { expect, test } from 'vitest'
import { h2Ask, h2BodyOf, h2Client, h2Upstream } from '../testdata/h2.ts'
import { plane } from '../testdata/open.ts'
import { cluster, endpoint, outboundView, route } from '../testdata/views.ts'
import { passable } from './trailers.ts'

test('trailers that tell something of the body pass, those that only a head may say do not', () => {
  const good = [
    ['grpc-status', '0'],
    ['content-digest', 'sha-256=:x:'],
    ['x-sum', '1'],
  ] as const
  const bad = [
    'x-forwarded-for',
    'x-envoy-internal',
    'authorization',
    'x_forwarded_for',
    'content-type',
    'set-cookie',
    'upgrade',
    'if-match',
  ]
  expect(passable([...good, ...bad.map((name) => [name, '1'] as const)])).toEqual(good)
})

test('what a client writes behind its body cannot pass for what the mesh says in the head, and likewise back', async () => {
  let seen: readonly string[] = []
  const server = await h2Upstream((stream) => {
    stream.on('trailers', (trailers) => (seen = Object.keys(trailers)))
    void h2BodyOf(stream).then((body) => {
      stream.respond({ ':status': 200 }, { waitForTrailers: true })
      stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0', 'set-cookie': 'a=b', 'x-envoy-overloaded': '1' }))
      stream.end(body)
    })
  })
  const view = outboundView([route('reviews')], [cluster('reviews', [endpoint(server.port)], { protocol: 'h2' })])
  const { port } = await plane(view)
  const trailers = { 'x-sum': '1', 'x-forwarded-for': '10.0.0.1', 'x-envoy-internal': 'true', authorization: 'Bearer x' }
  const answer = await h2Ask(h2Client(port()), { ':path': '/', ':method': 'POST' }, 'body', trailers)
  expect(seen).toEqual(['x-sum'])
  expect(Object.keys(answer.trailers)).toEqual(['grpc-status'])
})
