import { expect, test } from 'vitest'
import type { HeaderOps, View } from '@mesh/core/view'
import { ask } from '../testdata/client.ts'
import { open, plane, rawUpstream } from '../testdata/open.ts'
import { rawClient } from '../testdata/raw-client.ts'
import { cluster, endpoint, outboundView, route } from '../testdata/views.ts'

const ops = (set: HeaderOps['set'], add: HeaderOps['add'] = []): HeaderOps => ({ set, add, remove: [] })

async function answerOf(view: View): Promise<string> {
  const { port } = await plane(view)
  const client = await rawClient(port())
  open.push({ close: () => client.destroy() })
  client.send('GET /a HTTP/1.1\r\nhost: reviews\r\nconnection: close\r\n\r\n')
  return (await client.closed()).text
}

/** The head of a reply in lines, and what stands behind it. */
function parted(text: string): { readonly lines: readonly string[]; readonly body: string } {
  const end = text.indexOf('\r\n\r\n')
  return { lines: text.slice(0, end).split('\r\n').slice(1), body: text.slice(end + 4) }
}

const EVIL: HeaderOps['set'] = [
  ['x-a', 'b\r\nx-split: 1'],
  ['x-c: d\r\nx-split', '1'],
  ['content-length', '0'],
  ['transfer-encoding', 'chunked'],
  ['connection', 'keep-alive'],
  ['x-good', 'yes'],
]

test('headers of a configured reply cannot end its head early or frame it anew', async () => {
  const respond = route('', { action: { kind: 'respond', status: 200, body: 'own' }, responseHeaders: ops(EVIL, EVIL) })
  const { lines, body } = parted(await answerOf(outboundView([respond], [])))
  expect(body).toBe('own')
  expect(lines.join('|')).not.toContain('x-split')
  expect(lines.filter((line) => /^(content-length|transfer-encoding|connection)/.test(line))).toEqual([
    'content-length: 3',
    'connection: close',
  ])
  expect(lines.filter((line) => line.startsWith('x-'))).toContain('x-good: yes')
})

test('a configured reply says its own content type once', async () => {
  const action = { kind: 'respond', status: 200, body: '{}' } as const
  const respond = route('', { action, responseHeaders: ops([['content-type', 'application/json']]) })
  const { lines } = parted(await answerOf(outboundView([respond], [])))
  expect(lines.filter((line) => line.startsWith('content-type'))).toEqual(['content-type: application/json'])
})

test('a redirect to an authority that is none keeps the head whole', async () => {
  const away = route('', { action: { kind: 'redirect', status: 302, authority: 'a\r\nx-split: 1' } })
  const { lines } = parted(await answerOf(outboundView([away], [])))
  expect(lines.join('|')).not.toContain('x-split')
})

test('a host, an authority or a path that configuration sets cannot make two requests of one', async () => {
  const heads: string[] = []
  const server = await rawUpstream((socket) =>
    socket.once('data', (head) => {
      heads.push(head.toString('latin1'))
      socket.end('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n')
    }),
  )
  const split = 'b\r\nx-split: 1\r\n\r\nGET /two HTTP/1.1'
  const clusters = [cluster('reviews', [endpoint(server.port)])]
  const forward = { kind: 'forward', clusters: [{ cluster: 'reviews', weight: 1 }] } as const
  for (const more of [
    { requestHeaders: ops([['host', split]]) },
    { requestHeaders: ops([[':authority', split]], [['host', split]]) },
    { requestHeaders: ops([['x-a', split]], [['x-b\r\nx-split', '1']]) },
    { action: { ...forward, rewrite: { authority: split } } },
    { action: { ...forward, rewrite: { prefix: `/${split}` } } },
  ])
    await answerOf(outboundView([route('reviews', more)], clusters))
  expect(heads.length).toBeGreaterThanOrEqual(4)
  for (const head of heads) {
    expect(head.match(/\r\n\r\n/g)).toHaveLength(1)
    expect(head).not.toContain('x-split')
    expect(head).toContain('host: reviews\r\n')
  }
})

test('a configured body that is no text a caller could read is answered all the same', async () => {
  const respond = route('', { action: { kind: 'respond', status: 503, body: '\ud800' } })
  const { port } = await plane(outboundView([respond], []))
  const grpc = await ask(port(), '/', { headers: { 'content-type': 'application/grpc' } })
  expect(grpc.headers).toMatchObject({ 'grpc-status': '14', 'grpc-message': '%EF%BF%BD' })
  expect((await ask(port(), '/')).body).toBe('\ufffd')
})
