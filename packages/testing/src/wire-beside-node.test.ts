import { createServer, type IncomingMessage, type Server } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { RequestParser } from '@mesh/wire'
import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'

/** A request as a reader understood it. */
interface Understood {
  readonly method: string
  readonly target: string
  readonly headers: readonly (readonly [string, string])[]
  readonly body: string
}

let server: Server
const seen: Understood[] = []

beforeAll(async () => {
  server = createServer({ insecureHTTPParser: false, keepAliveTimeout: 0 }, (request, response) => {
    understood(request).then(
      (one) => {
        seen.push(one)
        response.end()
      },
      () => response.destroy(),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

const token = fc.constantFrom('X-A', 'x-b', 'Accept', 'Cookie', 'x_c')
const line = fc.tuple(token, fc.constantFrom('', '1', ' a  b ', '\t', 'x, y', '\xe4', '"q"', 'a:b'))
const length = fc.constantFrom('content-length: 5\r\n', 'Content-Length: 05\r\n', 'content-length: 0\r\n', 'content-length:5\t\r\n')
const chunks = fc.constantFrom(
  '5\r\nhello\r\n0\r\n\r\n',
  '2;a=b\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n',
  '0005;x="y;z"\r\nhello\r\n0\r\nx-t: 1\r\n\r\n',
  '0\r\n\r\n',
)

const message = fc
  .record({
    method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'),
    target: fc.constantFrom('/', '/a/../b', '//x', '/?q=1&r', '/%2e%2F', 'http://h.example:81/p', "/a'b|c{}"),
    lines: fc.array(line, { maxLength: 6 }),
    framing: fc.oneof(
      fc.constant({ head: '', body: '' }),
      length.map((head) => ({ head, body: 'hello' })),
      chunks.map((body) => ({ head: 'Transfer-Encoding: chunked\r\n', body })),
    ),
  })
  .map(({ method, target, lines, framing }) => {
    const headers = lines.map(([name, value]) => `${name}:${value}\r\n`).join('')
    return `${method} ${target} HTTP/1.1\r\nHost: h\r\n${headers}${framing.head}Connection: close\r\n\r\n${framing.body}`
  })

test('what our parser takes, Node understands in the same way', async () => {
  await fc.assert(
    fc.asyncProperty(message, async (text) => {
      const ours = ourReading(text)
      expect(ours).toBeDefined()
      seen.length = 0
      await send(text)
      expect(seen.slice(0, 1)).toEqual([ours])
    }),
    { numRuns: 300 },
  )
})

test('what Node refuses with a hostile byte in it, ours does not take', async () => {
  const hostile = fc.constantFrom('\0', '\n', '\r', '\x7f', ' ', '\t', ':', '\x0b')
  await fc.assert(
    fc.asyncProperty(message, fc.nat(200), hostile, async (text, at, byte) => {
      const place = at % text.length
      const changed = text.slice(0, place) + byte + text.slice(place)
      const ours = ourReading(changed)
      seen.length = 0
      await send(changed)
      expect(ours === undefined ? [] : seen.slice(0, 1)).toEqual(ours === undefined ? [] : [ours])
    }),
    { numRuns: 500 },
  )
})

/** Undefined when it is refused or incomplete. */
function ourReading(text: string): Understood | undefined {
  const parser = new RequestParser()
  const bytes = Uint8Array.from(Buffer.from(text, 'latin1'))
  let body = ''
  for (let at = 0; ; at = parser.at) {
    const step = parser.step(bytes, at)
    if (step === 'body') body += Buffer.from(bytes.subarray(parser.bodyStart, parser.bodyEnd)).toString('latin1')
    if (step === 'more' || step === 'bad' || step === 'raw') return undefined
    if (step !== 'end') continue
    const { head } = parser
    const target = head.targetForm === 'absolute' ? `${head.scheme}://${head.authority}${head.path}` : head.path
    return { method: head.method, target, headers: head.lines.count === 0 ? [] : rawPairs(parser), body }
  }
}

function rawPairs({ head }: RequestParser): [string, string][] {
  return Array.from({ length: head.lines.count }, (_, line) => [head.name(line), head.value(line)])
}

async function understood(request: IncomingMessage): Promise<Understood> {
  let body = ''
  request.setEncoding('latin1')
  for await (const piece of request) body += String(piece)
  const raw = request.rawHeaders
  const headers = raw.flatMap((name, at) => (at % 2 === 0 ? [[name, raw[at + 1] ?? ''] as const] : []))
  return { method: request.method ?? '', target: request.url ?? '', headers, body }
}

/** Sends the bytes, and resolves when the server has closed. */
function send(text: string): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
    socket.on('error', () => undefined)
    socket.on('close', () => resolve())
    socket.resume()
    socket.end(Buffer.from(text, 'latin1'))
  })
}
