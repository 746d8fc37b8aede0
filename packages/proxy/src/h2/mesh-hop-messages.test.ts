import type { Signer } from '@mesh/x509'
import { beforeAll, expect, test } from 'vitest'
import { meshPair } from '../testdata/mesh-pair.ts'
import { open } from '../testdata/open.ts'
import { root } from '../testdata/pki.ts'
import { rawClient } from '../testdata/raw-client.ts'
import { bodyOf } from '../testdata/upstream.ts'

let ca: Signer

beforeAll(async () => {
  ca = await root()
})

/** What a caller hears that sends this to its sidecar, and `rest` when it may go on, of an application that tells what it was sent. */
async function heard(text: string, until: RegExp, rest = ''): Promise<string> {
  const { client } = await meshPair(ca, {
    cluster: { protocol: 'auto' },
    answer: (request, response) => {
      if (request.url === '/hint') response.writeEarlyHints({ link: '</a>; rel=preload' })
      void bodyOf(request).then((body) => {
        response.setHeader('x-seen', `${request.httpVersion} ${request.method} ${request.headers.host ?? ''} ${request.headers.te ?? '-'}`)
        if (request.url !== '/trailers') return response.end(`<${body.toString()}>`)
        response.writeHead(200, { trailer: 'x-sum' })
        response.write('body')
        response.addTrailers({ 'x-sum': '42' })
        return response.end()
      })
    },
  })
  const raw = await rawClient(client.port())
  open.push({ close: () => raw.destroy() })
  raw.send(text)
  if (rest !== '') {
    await raw.until(/^HTTP\/1\.1 100 [^]*\r\n\r\n$/)
    raw.send(rest)
  }
  return raw.until(until)
}

test('an application is spoken to in HTTP/1.1 whatever its caller speaks, and a caller of HTTP/1.0 is answered to its end', async () => {
  expect(await heard('GET /old HTTP/1.0\r\nHost: reviews:9080\r\n\r\n', /<>$/)).toMatch(
    /^HTTP\/1\.[01] 200 [^]*x-seen: 1\.1 GET reviews:9080 -\r\n/i,
  )
})

test('a caller that expects 100 is told to go on, and its body arrives', async () => {
  const head = 'POST / HTTP/1.1\r\nHost: reviews:9080\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n'
  expect(await heard(head, /<body>$/, 'body')).toMatch(/^HTTP\/1\.1 100 [^]*\r\n\r\nHTTP\/1\.1 200 /)
})

test('chunks and interim replies pass', async () => {
  const chunked = 'POST / HTTP/1.1\r\nHost: reviews:9080\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n2\r\ncd\r\n0\r\n\r\n'
  expect(await heard(chunked, /<abcd>/)).toMatch(/^HTTP\/1\.1 200 /)
  expect(await heard('GET /hint HTTP/1.1\r\nHost: reviews:9080\r\n\r\n', /<>/)).toMatch(
    /^HTTP\/1\.1 103 [^]*link: <\/a>[^]*HTTP\/1\.1 200 /i,
  )
})

test('trailers reach a caller that takes them', async () => {
  const asked = 'GET /trailers HTTP/1.1\r\nHost: reviews:9080\r\nTE: trailers\r\n\r\n'
  expect(await heard(asked, /0\r\n(?:x-sum: 42\r\n)?\r\n$/)).toMatch(/body\r\n0\r\nx-sum: 42\r\n\r\n$/)
})
