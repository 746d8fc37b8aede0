import { expect, test } from 'vitest'
import { Output } from '../h1/output.ts'
import { H2ServerSession } from './server-session.ts'
import type { H2Stream } from './stream.ts'
import type { RequestHead } from '../h1/request-head.ts'
import { Client } from './testdata/ends.ts'

/** A server whose driver counts what leaves, and the streams of so many requests on it. */
function served(requests: number) {
  const out = new Output()
  const streams: H2Stream<RequestHead>[] = []
  let departures = 0
  const none = (): void => undefined
  const session: H2ServerSession = new H2ServerSession({
    events: {
      onHead: (stream) => void streams.push(stream),
      onData: none,
      onEnd: none,
      onReset: none,
      onWritable: none,
      onGoaway: none,
      onSettings: none,
      onRefused: none,
    },
    output: () => out,
    departures: () => departures,
    nowMs: 0,
  })
  const client = new Client()
  for (let request = 0; request < requests; request++) client.request('GET / HTTP/1.1\nHost: a')
  session.read(client.take(), 0)
  const leave = (): void => {
    client.session.read(out.written.slice(), 0)
    out.clear()
    departures++
  }
  leave()
  const reply = (stream: H2Stream<RequestHead>): void => session.sendOwnReply(stream, 200, [], false)
  return { session, streams, client, out, leave, reply }
}

/** Types and flags of the frames that stand in the output. */
function frames({ bytes, length }: Output): readonly string[] {
  const all: string[] = []
  for (let at = 0; at < length;) {
    all.push(`${bytes[at + 3]}/${bytes[at + 4]}`)
    at += 9 + (((bytes[at] as number) << 16) | ((bytes[at + 1] as number) << 8) | (bytes[at + 2] as number))
  }
  return all
}

test('the end of a message goes with its last bytes while they are there', () => {
  const { session, streams, client, out, leave, reply } = served(1)
  const stream = streams[0]!
  reply(stream)
  session.sendData(stream, Buffer.from('one'))
  session.sendData(stream, Buffer.from('two'))
  session.endStream(stream)
  expect(frames(out)).toEqual(['1/4', '0/0', '0/1'])
  expect(stream.state).toBe('closed')
  leave()
  expect([client.bodies.get(1), client.told.at(-1), client.session.fault]).toEqual(['onetwo', '1 end', undefined])
})

test('it goes by itself behind bytes that left, behind those of another stream, and behind anything else', () => {
  const { session, streams, client, out, leave, reply } = served(3)
  const [first, second, third] = [streams[0]!, streams[1]!, streams[2]!]
  for (const stream of streams) reply(stream)
  session.sendData(first, Buffer.from('gone'))
  leave()
  session.sendData(second, Buffer.from('b'))
  session.endStream(first)
  expect(frames(out)).toEqual(['0/0', '0/1'])
  session.sendData(third, Buffer.from('c'))
  session.ping()
  session.endStream(third)
  session.endStream(second)
  expect(frames(out)).toEqual(['0/0', '0/1', '0/0', '6/0', '0/1', '0/1'])
  leave()
  expect(client.told.filter((line) => line.endsWith('end'))).toEqual(['1 end', '5 end', '3 end'])
  expect(client.session.fault).toBeUndefined()
})

test('trailers end a message by themselves', () => {
  const { session, streams, client, out, leave, reply } = served(1)
  const stream = streams[0]!
  reply(stream)
  session.sendData(stream, Buffer.from('body'))
  session.endStream(stream, [['grpc-status', '0']])
  expect(frames(out)).toEqual(['1/4', '0/0', '1/5'])
  leave()
  expect(client.told.at(-1)).toBe('1 end grpc-status=0')
})

test('a frame of a long body fills one TLS record together with its head, and no second one', () => {
  const { session, streams, out, reply } = served(1)
  const stream = streams[0] as H2Stream<RequestHead>
  reply(stream)
  out.clear()
  expect(session.sendData(stream, new Uint8Array(40_000))).toBe(40_000)
  expect(frames(out)).toEqual(['0/0', '0/0', '0/0'])
  expect((out.bytes[1] as number) * 256 + (out.bytes[2] as number) + 9).toBe(16_384)
})
