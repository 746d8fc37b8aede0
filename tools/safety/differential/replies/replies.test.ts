import { expect, test } from 'vitest'
import { replyFaults, replyFate } from './judge-reply.ts'
import { readReply } from './read-reply.ts'
import { makeReplyCase } from './reply-cases.ts'
import type { Heard } from './reply-lane.ts'

const OK = 'HTTP/1.1 200 OK\r\n'
const read = (text: string, asked = { method: 'GET', ended: false }) => readReply(text, asked)

test.each([
  ['length', `${OK}content-length: 3\r\n\r\nabcd`, 'abc', 'complete'],
  ['a part of the length', `${OK}content-length: 3\r\n\r\nab`, 'ab', 'partial'],
  ['chunks', `${OK}transfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n`, 'abc', 'complete'],
  ['chunks without a last one', `${OK}transfer-encoding: chunked\r\n\r\n3\r\nabc\r\n`, 'abc', 'partial'],
  ['an interim reply in front', `HTTP/1.1 103 Early\r\n\r\n${OK}content-length: 1\r\n\r\na`, 'a', 'complete'],
  ['until the end', `${OK}\r\nabc`, 'abc', 'partial'],
])('a reply is read by %s', (_, text, body, state) => {
  expect(read(text)).toMatchObject({ body, state, doubts: [] })
})

test('what the end of the connection completes is complete with it, and HEAD has no body', () => {
  expect(read(`${OK}\r\nabc`, { method: 'GET', ended: true })).toMatchObject({ body: 'abc', state: 'complete' })
  expect(read(`${OK}content-length: 3\r\n\r\n`, { method: 'HEAD', ended: false })).toMatchObject({ body: '', state: 'complete' })
})

test.each([
  ['two framings', `${OK}content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`],
  ['two lengths', `${OK}content-length: 1\r\ncontent-length: 1\r\n\r\na`],
  ['odd length', `${OK}content-length: +1\r\n\r\na`],
  ['odd coding', `${OK}transfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n`],
  ['folded line', `${OK}x-a: 1\r\n b\r\ncontent-length: 0\r\n\r\n`],
  ['control in a header', `${OK}x-a: a\nb\r\ncontent-length: 0\r\n\r\n`],
  ['status', 'HTTP/1.1 20 OK\r\ncontent-length: 0\r\n\r\n'],
  ['version', 'HTTP/2.0 200 OK\r\ncontent-length: 0\r\n\r\n'],
  ['204 with a framing', 'HTTP/1.1 204 No\r\ncontent-length: 0\r\n\r\n'],
  ['odd chunk line', `${OK}transfer-encoding: chunked\r\n\r\n0x1\r\na\r\n0\r\n\r\n`],
  ['framing in a trailer', `${OK}transfer-encoding: chunked\r\n\r\n0\r\ncontent-length: 1\r\n\r\n`],
])('what could be understood otherwise is said: %s', (doubt, text) => {
  expect(read(text)?.doubts).toContain(doubt)
})

const heard = (text: string, end: Heard['end'] = 'complete'): Heard => ({ reply: read(text), behind: '', end })
const plain = makeReplyCase(1, 0)
const told = plain.bytes.toString('latin1')
const last = heard(`${OK}content-length: ${`last ${plain.id}`.length}\r\n\r\nlast ${plain.id}`)

test('a caller who is told what the upstream said, and then what it said next, has nothing to complain of', () => {
  expect(replyFaults(plain, { odd: heard(told), last })).toEqual([])
  expect(replyFate({ odd: heard(told), last })).toBe('forwarded')
})

test('another body, another case, bytes behind and a wrong next reply are faults', () => {
  const faults = (odd: Heard, next = last): string => replyFaults(plain, { odd, last: next }).join()
  expect(faults(heard(told.replace('plain c', 'pla1n c')))).toMatch(/^another body/)
  expect(faults(heard(told.replace(`x-case: ${plain.id}`, 'x-case: c99')))).toBe('a reply of another case')
  expect(faults({ ...heard(told), behind: 'HTTP/1.1' })).toMatch(/^bytes behind the reply/)
  expect(faults(heard(told), heard(told))).toMatch(/^the next reply/)
  expect(replyFaults({ ...plain, read: read(told.slice(0, -1)) }, { odd: heard(told), last })).toEqual([
    'a reply that broke off was told as complete',
  ])
})

test('a case comes again with its seed', () => {
  for (const index of [0, 100, 5_000]) expect(makeReplyCase(7, index)).toEqual(makeReplyCase(7, index))
  expect(makeReplyCase(7, 5_000).bytes).not.toEqual(makeReplyCase(8, 5_000).bytes)
})
