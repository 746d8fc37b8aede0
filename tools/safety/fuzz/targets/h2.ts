import { Client, exchange, Server } from '../../../../packages/wire/src/h2/testdata/ends.ts'
import { HpackDecoder, type FieldSink } from '../../../../packages/wire/src/h2/hpack/decoder.ts'
import { HpackEncoder } from '../../../../packages/wire/src/h2/hpack/encoder.ts'
import { Output, PREFACE } from '../../../../packages/wire/src/index.ts'
import { bytesOf, cutsOf, same, wayOf, type Target } from '../target.ts'

/** HTTP/2: what a peer may send to either end of a session, and header blocks. */
export const H2: readonly Target[] = [
  {
    name: 'h2-server',
    seeds: () => [recorded('client'), ...FRAMES.map((frames) => bytesOf(PREFACE + EMPTY_SETTINGS + frames))],
    check: (bytes, random) => cutAnywhere(() => new Server(), bytes, cutsOf(bytes, random)),
  },
  {
    name: 'h2-client',
    seeds: () => [recorded('server'), ...FRAMES.map((frames) => bytesOf(EMPTY_SETTINGS + frames))],
    check: (bytes, random) => cutAnywhere(askingClient, bytes, cutsOf(bytes, random)),
  },
  { name: 'hpack', seeds: hpackSeeds, check: decodeTwice },
]

/** A frame, its length reckoned; flags, stream and payload as they come. */
function frame(type: number, flags: number, stream: number, payload = ''): string {
  const number = (value: number, bytes: number): string =>
    String.fromCharCode(...Array.from({ length: bytes }, (_, at) => (value >> (8 * (bytes - 1 - at))) & 255))
  return number(payload.length, 3) + number(type, 1) + number(flags, 1) + number(stream, 4) + payload
}

const EMPTY_SETTINGS = frame(4, 0, 0)
const GET = '\x82\x84\x86\x41\x01a'
const FRAMES = [
  frame(1, 5, 1, GET),
  frame(1, 4, 1, GET) + frame(0, 0, 1, 'abc') + frame(0, 1, 1),
  frame(1, 1, 1, GET.slice(0, 2)) + frame(9, 4, 1, GET.slice(2)),
  frame(1, 4, 1, GET) + frame(3, 0, 1, '\0\0\0\x08'),
  frame(1, 4, 1, '\x88') + frame(0, 1, 1, 'hello'),
  frame(8, 0, 0, '\0\0\0\x01') + frame(6, 0, 0, '12345678') + frame(2, 0, 1, '\0\0\0\0\x10'),
  frame(7, 0, 0, '\0\0\0\x01\0\0\0\0bye') + frame(4, 0, 0, '\0\x04\0\0\0\x05\0\x01\0\0\0\0'),
  frame(1, 0x2d, 1, `\x02\0\0\0\0\x10${GET}\0\0`) + frame(0, 8, 1, '\x01a\0'),
]

/** What one of two ends sends in a short conversation. */
function recorded(which: 'client' | 'server'): Uint8Array {
  const [client, server] = [askingClient(), new Server()]
  server.answer = (stream) => {
    server.session.sendOwnReply(stream, 200, [['content-type', 'text/plain']], false)
    server.send(stream, Buffer.from('hello'), true)
  }
  const from = which === 'client' ? client : server
  const pieces: Uint8Array[] = []
  const take = from.take.bind(from)
  from.take = () => {
    const bytes = take()
    pieces.push(bytes.slice())
    return bytes
  }
  exchange(client, server)
  return Buffer.concat(pieces)
}

function askingClient(): Client {
  const client = new Client()
  client.request('GET /a HTTP/1.1\nHost: a')
  client.request('POST /b HTTP/1.1\nHost: a', { body: 'abc', trailers: true })
  return client
}

function cutAnywhere(make: () => Client | Server, bytes: Uint8Array, cuts: readonly number[]): string {
  const whole = told(make(), bytes, [])
  same('cut otherwise, other events', whole, told(make(), bytes, cuts))
  return wayOf(whole.events.map((event) => event.replace(/^\d+ /, '').split(/[ (]/, 3).join(' ')))
}

function told(end: Client | Server, bytes: Uint8Array, cuts: readonly number[]) {
  let from = 0
  for (const to of [...cuts, bytes.length]) {
    // A copy: what was lent is overwritten.
    const goesOn = end.session.read(bytes.slice(from, to), 0)
    from = to
    if (!goesOn) break
  }
  end.take()
  end.session.lost()
  return { events: end.told, bodies: [...end.bodies], fault: end.session.fault?.message }
}

class Fields implements FieldSink {
  readonly all: (readonly [string, string])[] = []
  field: FieldSink['field'] = ({ name, value }) => {
    this.all.push([name.text, value.text])
    return true
  }
}

/** Blocks follow one another, each behind a byte that is its length. */
function decodeTwice(bytes: Uint8Array): string {
  const [decoder, again, encoder] = [newDecoder(), newDecoder(), new HpackEncoder(4096)]
  const ways: string[] = []
  for (let at = 0; at < bytes.length;) {
    const end = Math.min(bytes.length, at + 1 + (bytes[at] as number))
    const fields = new Fields()
    const good = decoder.decode(bytes, at + 1, end, fields)
    ways.push(good ? String(Math.min(fields.all.length, 4)) : 'bad')
    if (!good) break
    const out = new Output()
    encoder.begin(out)
    for (const [name, value] of fields.all) encoder.text(out, name, value)
    const second = new Fields()
    same('written and read again, other fields', [again.decode(out.written, 0, out.length, second), second.all], [true, fields.all])
    at = end
  }
  return wayOf(ways)
}

function newDecoder(): HpackDecoder {
  return new HpackDecoder({ maxTableBytes: 4096, maxTextBytes: 8192 })
}

function hpackSeeds(): Uint8Array[] {
  const encoder = new HpackEncoder(4096)
  const blocks = [
    [
      [':method', 'GET'],
      [':path', '/a'],
      ['user-agent', 'curl/8'],
      ['cookie', 'a=b'],
    ],
    [
      [':status', '302'],
      ['location', 'https://www.example.com'],
      ['user-agent', 'curl/8'],
    ],
  ] as const
  const written = blocks.map((fields) => {
    const out = new Output()
    encoder.begin(out)
    for (const [name, value] of fields) encoder.text(out, name, value)
    return Buffer.concat([Uint8Array.of(out.length), out.written.slice()])
  })
  return [Buffer.concat(written), ...written, bytesOf('\x03\x3f\xe1\x1f'), bytesOf('\x02\x20\x82\x01\xbe')]
}
