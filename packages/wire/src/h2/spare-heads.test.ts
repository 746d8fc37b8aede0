import { expect, test } from 'vitest'
import { H2_LIMITS } from '../limits.ts'
import { RequestHead } from '../h1/request-head.ts'
import type { ReplyHead } from '../h1/reply-head.ts'
import { spareHead, SpareHeads } from './spare-heads.ts'
import type { H2Stream } from './stream.ts'
import { Client, exchange, Server } from './testdata/ends.ts'

test('a stream gives its head back once, and only to those with the same bounds', () => {
  const spare = new SpareHeads<RequestHead>()
  const heads = spare.for(H2_LIMITS)
  const stream = { spared: false, head: new RequestHead(H2_LIMITS) }
  spareHead(heads, stream)
  spareHead(heads, stream)
  expect(heads).toEqual([stream.head])
  expect(spare.for(H2_LIMITS)).toBe(heads)
  expect(spare.for({ ...H2_LIMITS })).toEqual([])
})

test('a head that had to become large is not kept', () => {
  const heads: RequestHead[] = []
  const head = new RequestHead(H2_LIMITS)
  const text = Buffer.from(`GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(10_000)}\r\n\r\n`)
  expect(head.read(text, 0, text.length)).toBe(text.length)
  spareHead(heads, { spared: false, head })
  expect(heads).toEqual([])
})

test('the head of a reply serves no other stream while whoever was told of it is not done', () => {
  const [client, server] = [new Client(), new Server()]
  server.answer = (stream) => server.session.sendOwnReply(stream, 200, [], true)
  exchange(client, server)
  const first = client.request('GET /a HTTP/1.1\nHost: a')
  exchange(client, server)
  expect(first.state).toBe('closed')
  client.session.free(first)
  const second = client.request('GET /b HTTP/1.1\nHost: a')
  expect(second.head).not.toBe(first.head)
  exchange(client, server)
  client.session.free(second)
  const heads = new Set<ReplyHead>([first.head, second.head])
  const later: H2Stream<ReplyHead>[] = []
  for (let call = 0; call < 3; call++) {
    later.push(client.request('GET /c HTTP/1.1\nHost: a'))
    exchange(client, server)
  }
  expect(later.some(({ head }) => heads.has(head))).toBe(true)
  expect(client.told.filter((line) => line.endsWith('end'))).toHaveLength(5)
})
