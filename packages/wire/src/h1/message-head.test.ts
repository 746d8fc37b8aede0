import { expect, test } from 'vitest'
import { cutHopByHop } from './hop-by-hop.ts'
import { ReplyParser, RequestParser } from './message-parser.ts'
import { Output } from './output.ts'
import type { ReplyHead } from './reply-head.ts'
import type { RequestHead } from './request-head.ts'
import { writeContinue, writeOwnReplyHead, writeReplyHead, writeRequestHead } from './write-head.ts'

function request(...lines: string[]): RequestHead {
  const parser = new RequestParser()
  expect(parser.step(Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), 0)).toBe('head')
  return parser.head
}

function reply(method: string, ...lines: string[]): ReplyHead {
  const parser = new ReplyParser()
  parser.expect(method)
  expect(parser.step(Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), 0)).toBe('head')
  return parser.head
}

const written = (write: (out: Output) => void): string => {
  const out = new Output(8)
  write(out)
  return Buffer.from(out.written).toString('latin1')
}

test('repeated headers are one value; cookies join by semicolon', () => {
  const head = request('GET / HTTP/1.1', 'host: a', 'X-A: 1', 'cookie: a=1', 'x-a: 2', 'Cookie: b=2')
  expect([head.header('x-a'), head.header('cookie'), head.header('x-b')]).toEqual(['1,2', 'a=1; b=2', undefined])
})

test('edits are seen by readers and written', () => {
  const head = request('GET /old HTTP/1.1', 'Host: a', 'X-A: 1', 'x-keep: k', 'x-a: 2')
  head.set('x-a', '3')
  head.add('x-a', '4')
  head.add('x-new', '5')
  head.remove('x-gone')
  head.setPath('/new')
  head.setAuthority('b:80')
  expect([head.header('x-a'), head.has('x-new'), head.header('host')]).toEqual(['3,4', true, 'b:80'])
  expect(written((out) => writeRequestHead(out, head))).toBe(
    'GET /new HTTP/1.1\r\nhost: b:80\r\nx-keep: k\r\nx-a: 3\r\nx-a: 4\r\nx-new: 5\r\n\r\n',
  )
  head.remove('x-a')
  expect([head.header('x-a'), head.has('x-a')]).toEqual([undefined, false])
})

test('all headers of a prefix can be taken out', () => {
  const head = request('GET / HTTP/1.1', 'host: a', 'X-Envoy-Foo: 1', 'x-en: 2', 'x-envoy: 3')
  head.add('x-envoy-late', '4')
  head.removePrefix('x-envoy-')
  expect(head.headers()).toEqual([
    ['host', 'a'],
    ['x-en', '2'],
    ['x-envoy', '3'],
  ])
})

test('an edit that is refused changes nothing', () => {
  const head = request('GET / HTTP/1.1', 'host: a', 'x-a: 1')
  head.set('x-a', 'fine')
  expect(head.set('x-a', 'broken\n')).toBe(false)
  expect([head.header('x-a'), head.set('x-b', '2'), head.header('x-b')]).toEqual(['fine', true, '2'])
})

test('a head without lines takes more edits than it has room for', () => {
  const head = request('GET / HTTP/1.0')
  for (let index = 0; index < 200; index++) head.set(`x-${index}`, 'v'.repeat(40))
  expect(head.headers()).toHaveLength(200)
  expect(written((out) => writeRequestHead(out, head))).toMatch(/^GET \/ HTTP\/1\.1\r\nhost: \r\nx-0: v{40}\r\n[^]*x-199: v{40}\r\n\r\n$/)
})

test('what would break the head, or its framing, cannot be set', () => {
  const head = request('GET / HTTP/1.1', 'host: a', 'x-a: 1')
  const refused = [
    head.set('x-a', 'b\r\nx-c: d'),
    head.add('x-a', 'b\nc'),
    head.set('x a', 'b'),
    head.set('', 'b'),
    head.set('x-a:', 'b'),
    head.add('x-a', '\0'),
    head.set('content-length', '5'),
    head.add('transfer-encoding', 'chunked'),
    head.add('host', 'b'),
  ]
  expect(refused.every((done) => !done)).toBe(true)
  expect(head.headers()).toEqual([
    ['host', 'a'],
    ['x-a', '1'],
  ])
})

test('values beyond Latin-1 go out as UTF-8', () => {
  const head = request('GET / HTTP/1.1', 'host: a')
  head.set('x-name', '木')
  expect(
    Buffer.from(
      written((out) => writeRequestHead(out, head)),
      'latin1',
    ).toString(),
  ).toContain('x-name: 木\r\n')
})

test('headers of one connection stop here, those that Connection names too, but for framing and host', () => {
  const head = request(
    'POST / HTTP/1.1',
    'Host: a',
    'Connection: X-Secret, host, Content-Length, close',
    'connection: x-other',
    'X-Secret: 1',
    'X-Other: 2',
    'Keep-Alive: 5',
    'Proxy-Connection: x',
    'TE: trailers',
    'Trailer: x',
    'Upgrade: h2c',
    'content-length: 0',
    'x-stays: 3',
  )
  cutHopByHop(head)
  expect([head.header('x-secret'), head.header('connection'), head.header('content-length')]).toEqual([undefined, undefined, '0'])
  expect(written((out) => writeRequestHead(out, head))).toBe('POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 0\r\nx-stays: 3\r\n\r\n')
})

test('steering headers go out only when they are set here', () => {
  const head = request('GET / HTTP/1.1', 'host: a', 'connection: upgrade', 'upgrade: websocket', 'expect: 100-continue')
  expect(written((out) => writeRequestHead(out, head))).toBe('GET / HTTP/1.1\r\nhost: a\r\n\r\n')
  head.set('connection', 'upgrade')
  head.set('upgrade', 'websocket')
  expect(written((out) => writeRequestHead(out, head))).toBe(
    'GET / HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n',
  )
})

test('an absolute target goes out in origin form, with its own authority', () => {
  const head = request('GET http://Real.example/x?y HTTP/1.1', 'host: lie')
  expect(written((out) => writeRequestHead(out, head))).toBe('GET /x?y HTTP/1.1\r\nhost: real.example\r\n\r\n')
})

test('a reply is framed as its writer says', () => {
  const lines = ['HTTP/1.0 200 Fine', 'Server: x', 'content-length: 3']
  expect(written((out) => writeReplyHead(out, reply('GET', ...lines)))).toBe('HTTP/1.1 200 Fine\r\nServer: x\r\ncontent-length: 3\r\n\r\n')
  expect(written((out) => writeReplyHead(out, reply('GET', ...lines), 'chunked'))).toBe(
    'HTTP/1.1 200 Fine\r\nServer: x\r\ntransfer-encoding: chunked\r\n\r\n',
  )
  expect(written((out) => writeReplyHead(out, reply('GET', ...lines), 'close'))).toBe('HTTP/1.1 200 Fine\r\nServer: x\r\n\r\n')
})

test('a reply without a body may tell the length of one only to HEAD and in a 304', () => {
  const told = (method: string, status: string): boolean =>
    written((out) => writeReplyHead(out, reply(method, `HTTP/1.1 ${status}`, 'content-length: 3'))).includes('content-length: 3')
  expect([told('HEAD', '200 OK'), told('GET', '304 Not Modified'), told('GET', '204 No Content'), told('HEAD', '204 No Content')]).toEqual([
    true,
    true,
    false,
    false,
  ])
})

test('replies to HEAD and to CONNECT are framed by what was asked', () => {
  expect(reply('HEAD', 'HTTP/1.1 200 OK', 'transfer-encoding: chunked').framing).toBe('none')
  expect(reply('CONNECT', 'HTTP/1.1 200 OK', 'content-length: 5').framing).toBe('raw')
  expect(reply('CONNECT', 'HTTP/1.1 403 Forbidden', 'content-length: 5').framing).toBe('length')
})

test('replies made here have their reason', () => {
  expect(written((out) => writeOwnReplyHead(out, 503, [['content-length', '0']]))).toBe(
    'HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n',
  )
  expect(written((out) => writeOwnReplyHead(out, 599, []))).toBe('HTTP/1.1 599 \r\n\r\n')
  expect(written(writeContinue)).toBe('HTTP/1.1 100 Continue\r\n\r\n')
})

test('path and authority take nothing that would end their line or send the request elsewhere', () => {
  const head = request('GET /a HTTP/1.1', 'host: a.example')
  for (const authority of ['b\r\nx: y', 'b c', 'b,c', 'b/c', 'u@b', 'b:x', 'b:1:2', '[::1', '', 'bücher', 'b\u010a'])
    expect([authority, head.set('host', authority), head.setAuthority(authority)]).toEqual([authority, false, false])
  for (const path of ['', '/a b', '/a\r\nx: y', '/a HTTP/1.1\r\n\r\nGET /b', '/a#b', '/a\u007f', '/a\0'])
    expect([path, head.setPath(path)]).toEqual([path, false])
  expect(head).toMatchObject({ authority: 'a.example', path: '/a' })
  for (const authority of ['b', 'b.example:8080', '[::1]:80', '10.0.0.1', 'b_c~d']) expect(head.set('host', authority)).toBe(true)
  expect(head.setPath('/c?d=%20')).toBe(true)
  expect(head).toMatchObject({ authority: 'b_c~d', path: '/c?d=%20' })
})
