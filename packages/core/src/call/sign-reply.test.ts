import { expect, test } from 'vitest'
import { signReply } from './sign-reply.ts'

const ID = '5f3a1c2e-aaaa-4bbb-8ccc-0123456789ab'
const reply = { status: 503, flag: 'UH', details: 'no_healthy_upstream', body: 'no healthy upstream' } as const

test('the id goes into a header and behind the sentence', () => {
  expect(signReply(reply, ID)).toEqual({ ...reply, body: `no healthy upstream (id ${ID})`, headers: [['x-request-id', ID]] })
})

test('a body of the configuration, and an empty one, stay as they are', () => {
  for (const one of [
    { ...reply, verbatim: true },
    { ...reply, body: '' },
  ])
    expect(signReply(one, ID)).toEqual({ ...one, headers: [['x-request-id', ID]] })
})

test('there is one such header, whatever the route sets', () => {
  const headers = [
    ['x-request-id', 'mine'],
    ['x-more', 'kept'],
  ] as const
  expect(signReply({ ...reply, headers }, ID).headers).toEqual([
    ['x-more', 'kept'],
    ['x-request-id', ID],
  ])
})

test.each([undefined, '', '<script>', 'a b', 'x'.repeat(129)])('an id that could be more than an id is not said again: %s', (id) => {
  expect(signReply(reply, id)).toBe(reply)
})
