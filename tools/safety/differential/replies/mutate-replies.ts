import type { Random } from '../../running/random.ts'
import { bytesOf, chunked, framed, MARK, payload, plainReply, type ReplyDraft } from './reply-draft.ts'

/** What makes a plain reply odd. */
export type MutateReply = (draft: ReplyDraft, random: Random) => void

type Variants = Readonly<Record<string, MutateReply>>

const line =
  (text: string): MutateReply =>
  (draft) =>
    void (draft.line = text)
const field =
  (text: string): MutateReply =>
  (draft, random) =>
    void draft.fields.splice(random.whole(draft.fields.length + 1), 0, text)
const before =
  (text: string | ((id: string) => string)): MutateReply =>
  (draft) =>
    void (draft.before = typeof text === 'string' ? text : text(draft.id))
const length =
  (...values: readonly ((size: number) => string)[]): MutateReply =>
  (draft, random) => {
    const text = payload(draft.id, random)
    framed(
      draft,
      values.map((value) => `content-length: ${value(text.length)}`),
      text,
    )
  }
const coding =
  (...lines: readonly string[]): MutateReply =>
  (draft, random) =>
    framed(draft, lines, chunked(payload(draft.id, random)))
const chunk =
  (of: (text: string) => string): MutateReply =>
  (draft, random) =>
    framed(draft, ['transfer-encoding: chunked'], of(payload(draft.id, random)))
const sizeLine = (of: (size: string) => string): MutateReply => chunk((text) => chunked(text, of(text.length.toString(16))))
const last = (text: string): MutateReply => chunk((body) => chunked(body, undefined, text))
/** Without a framing where none may be. */
const bodiless =
  (status: string, ...fields: readonly string[]): MutateReply =>
  (draft) => {
    draft.line = `HTTP/1.1 ${status}`
    framed(draft, fields, fields.length === 0 ? '' : draft.body)
  }
/** Ended before its end, in one of several ways. */
const early =
  (mutate: MutateReply, missing: (draft: ReplyDraft, random: Random) => number): MutateReply =>
  (draft, random) => {
    mutate(draft, random)
    draft.missing = missing(draft, random)
    draft.end = random.pick(['ends', 'ends', 'is reset'])
  }
const behind = (id: string): string => bytesOf(plainReply(id, `behind ${id}`)).toString('latin1')
const interim = (status: string, ...fields: readonly string[]): string => `${[`HTTP/1.1 ${status}`, ...fields].join('\r\n')}\r\n\r\n`
const closing: MutateReply = (draft, random) => {
  framed(draft, [], payload(draft.id, random))
  draft.end = 'ends'
}

/** By class and variant; both are named in the report. */
export const REPLY_MUTATIONS: Readonly<Record<string, Variants>> = {
  plain: { 'as it is': () => undefined, 'to HEAD': (draft) => void ((draft.method = 'HEAD'), (draft.body = '')), 'until the end': closing },
  'status line': Object.fromEntries(
    [
      'HTTP/1.0 200 OK',
      'HTTP/1.2 200 OK',
      'HTTP/2.0 200 OK',
      'HTTP/0.9 200 OK',
      'http/1.1 200 OK',
      'ICY 200 OK',
      'HTTP/1.1 200',
      'HTTP/1.1 200 ',
      'HTTP/1.1  200 OK',
      'HTTP/1.1\t200 OK',
      'HTTP/1.1 200\tOK',
      ' HTTP/1.1 200 OK',
      'HTTP/1.1 2OO OK',
      'HTTP/1.1 99 OK',
      'HTTP/1.1 020 OK',
      'HTTP/1.1 600 OK',
      'HTTP/1.1 999 OK',
      'HTTP/1.1 1000 OK',
      'HTTP/1.1 -20 OK',
      'HTTP/1.1 +20 OK',
      'HTTP/1.1 20 OK',
      'HTTP/1.1 OK',
      'HTTP/1.1',
      'HTTP/1.1 200 a\0b',
      'HTTP/1.1 200 a\rb',
      'HTTP/1.1 200 a\nb: c',
      'HTTP/1.1 200 \x80\xff',
      'HTTP/1.1 200 a\x07',
      'HTTP/11 200 OK',
      'HTTP/1.1.1 200 OK',
      `HTTP/1.1 200 ${'r'.repeat(9_000)}`,
      '200 OK',
      '',
    ].map((text) => [JSON.stringify(text.slice(0, 40)), line(text)]),
  ),
  'in front': {
    'an empty line': before('\r\n'),
    'a bare LF': before('\n'),
    'a word': before('hello'),
    'a line': before('hello\r\n'),
    NUL: before('\0'),
    'a whole reply': before(behind),
  },
  'header line': Object.fromEntries(
    [
      ' folded',
      '\tfolded',
      'x-a: 1\r\n folded',
      'x-a: 1\r\n\tcontent-length: 3',
      'x-a : 1',
      'content-length : 3',
      'no colon',
      ': no name',
      'x a: 1',
      'x-a\0: 1',
      'x-a: \0',
      'x-a: a\rb',
      'x-a: a\r',
      'x-a: a\nx-b: c',
      'x-a: a\n',
      'x-a: \x07',
      'x-a: \x7f',
      'x-\xe4: 1',
      'x-a: \xe4',
      '"x-a": 1',
      'x(a): 1',
      '{}: 1',
      'x_a: 1',
      'x-a:',
      'x-a:1',
      'x-a:\t1\t',
      'transfer-encoding\0: chunked',
      'content-length\t: 3',
      '\x0bcontent-length: 3',
      'content-length:\x0b3',
      'content_length: 3',
    ].map((text) => [JSON.stringify(text), field(text)]),
  ),
  'line ends': {
    'LF everywhere': (draft) => void ((draft.lineEnd = '\n'), (draft.headEnd = '\n')),
    'LF behind the head': (draft) => void (draft.headEnd = '\n'),
    'LF in the head': (draft) => void (draft.lineEnd = '\n'),
    'CR alone': (draft) => void (draft.lineEnd = '\r'),
    'CR CR LF': (draft) => void (draft.lineEnd = '\r\r\n'),
    'CR CR LF behind the head': (draft) => void (draft.headEnd = '\r\r\n'),
    'a space in the empty line': (draft) => void (draft.headEnd = ' \r\n'),
  },
  connection: {
    close: (draft) => void (draft.fields.push('connection: close'), (draft.end = 'ends')),
    'close that stays': field('connection: close'),
    'keep-alive': field('connection: keep-alive'),
    'names the length': field('connection: content-length'),
    'names the coding': (draft, random) =>
      void (coding('transfer-encoding: chunked')(draft, random), draft.fields.push('connection: transfer-encoding')),
    'keep-alive of HTTP/1.0': (draft) => void ((draft.line = 'HTTP/1.0 200 OK'), draft.fields.push('connection: keep-alive')),
    upgrade: (draft) => void draft.fields.push('connection: upgrade', 'upgrade: h2c'),
    'proxy-connection': field('proxy-connection: keep-alive'),
  },
  length: {
    'two equal': length(String, String),
    'two others': length(String, (size) => String(size + 5)),
    'two others, the shorter first': length((size) => String(Math.floor(size / 2)), String),
    list: length((size) => `${size}, ${size}`),
    'list of others': length((size) => `${size}, 3`),
    plus: length((size) => `+${size}`),
    minus: length((size) => `-${size}`),
    hexadecimal: length((size) => `0x${size.toString(16)}`),
    empty: length(() => ''),
    zeros: length((size) => `000${size}`),
    'many zeros': length((size) => `${'0'.repeat(40)}${size}`),
    unit: length((size) => `${size} bytes`),
    fraction: length((size) => `${size}.0`),
    exponent: length(() => '1e1'),
    quoted: length((size) => `"${size}"`),
    'tab inside': length((size) => `${size}\t1`),
    'above 2^53': length(() => '9007199254740993'),
    'above 2^64': length((size) => String(2n ** 64n + BigInt(size))),
    'another script': length(() => '\xb2'),
    shorter: length((size) => String(Math.floor(size / 2))),
    zero: length(() => '0'),
    'too long, ends': early(
      length((size) => String(size + 20)),
      () => 0,
    ),
    'too long, stays': length((size) => String(size + 20)),
  },
  coding: {
    chunked: coding('transfer-encoding: chunked'),
    capitals: coding('Transfer-Encoding: CHUNKED'),
    'with a length behind': coding('transfer-encoding: chunked', 'content-length: 5'),
    'with a length in front': coding('content-length: 5', 'transfer-encoding: chunked'),
    'with the length of its bytes': (draft, random) => {
      coding('transfer-encoding: chunked')(draft, random)
      draft.fields.push(`content-length: ${draft.body.length}`)
    },
    identity: coding('transfer-encoding: identity'),
    'identity with a length': length(String),
    'gzip, chunked': coding('transfer-encoding: gzip, chunked'),
    'chunked, gzip': coding('transfer-encoding: chunked, gzip'),
    'chunked twice': coding('transfer-encoding: chunked, chunked'),
    'two lines': coding('transfer-encoding: chunked', 'transfer-encoding: chunked'),
    'two lines, one other': coding('transfer-encoding: identity', 'transfer-encoding: chunked'),
    unknown: coding('transfer-encoding: xchunked'),
    empty: coding('transfer-encoding:'),
    'comma behind': coding('transfer-encoding: chunked,'),
    'comma in front': coding('transfer-encoding: ,chunked'),
    parameter: coding('transfer-encoding: chunked;a=b'),
    quoted: coding('transfer-encoding: "chunked"'),
    'vertical tab': coding('transfer-encoding: \x0bchunked'),
    'NUL behind': coding('transfer-encoding: chunked\0'),
    folded: coding('transfer-encoding:\r\n chunked'),
    'space before the colon': coding('transfer-encoding : chunked'),
    'of HTTP/1.0': (draft, random) => void (coding('transfer-encoding: chunked')(draft, random), (draft.line = 'HTTP/1.0 200 OK')),
    'to HEAD': (draft, random) => void (coding('transfer-encoding: chunked')(draft, random), (draft.method = 'HEAD'), (draft.body = '')),
  },
  chunks: {
    'three chunks': chunk((text) => `3\r\n${text.slice(0, 3)}\r\n${chunked(text.slice(3))}`),
    extension: sizeLine((size) => `${size};a=b`),
    'quoted extension': sizeLine((size) => `${size};a="\\""`),
    'line end in an extension': sizeLine((size) => `${size};a=b\nc`),
    'CR in an extension': sizeLine((size) => `${size};a=b\rc`),
    'long extension': sizeLine((size) => `${size};a=${'b'.repeat(40_000)}`),
    'space in front': sizeLine((size) => ` ${size}`),
    'space behind': sizeLine((size) => `${size} `),
    'zeros in front': sizeLine((size) => `0000${size}`),
    'hexadecimal sign': sizeLine((size) => `0x${size}`),
    plus: sizeLine((size) => `+${size}`),
    minus: sizeLine((size) => `-${size}`),
    'no digit': sizeLine(() => ''),
    underscore: sizeLine((size) => `${size.slice(0, 1)}_${size.slice(1)}`),
    'beyond 64 bits': sizeLine((size) => `1${'0'.repeat(15)}${size.padStart(2, '0')}`),
    huge: sizeLine(() => 'fffffffffffffffff'),
    'line in LF': chunk((text) => `${text.length.toString(16)}\n${text}\r\n0\r\n\r\n`),
    'data in LF': chunk((text) => `${text.length.toString(16)}\r\n${text}\n0\r\n\r\n`),
    'data without an end': chunk((text) => `${text.length.toString(16)}\r\n${text}0\r\n\r\n`),
    'data too long': chunk((text) => chunked(text, (text.length - 2).toString(16))),
    'data too short': chunk((text) => chunked(text, (text.length + 2).toString(16))),
    'last in LF': last('0\n\n'),
    'last with LF behind': last('0\r\n\n'),
    'many zeros': last('0000000000000000000\r\n\r\n'),
    'last with extension': last('0;a=b\r\n\r\n'),
    trailer: last('0\r\nx-a: b\r\n\r\n'),
    'trailer with a length': last('0\r\ncontent-length: 5\r\n\r\n'),
    'trailer with a coding': last('0\r\ntransfer-encoding: chunked\r\n\r\n'),
    'folded trailer': last('0\r\nx-a: b\r\n c\r\n\r\n'),
    'trailer without colon': last('0\r\nnothing\r\n\r\n'),
    'trailer in LF': last('0\r\nx-a: b\n\r\n'),
    'trailer with a bare CR': last('0\r\nx-a: b\rc\r\n\r\n'),
    'long trailer': last(`0\r\nx-a: ${'b'.repeat(80_000)}\r\n\r\n`),
    'many trailers': last(`0\r\n${'x-a: b\r\n'.repeat(500)}\r\n`),
    'no last one, ends': early(last(''), () => 0),
    'no last one, stays': last(''),
  },
  'no body': {
    '204': bodiless('204 No Content'),
    '204 with a length': bodiless('204 No Content', 'content-length: 5'),
    '204 with zero': (draft) => void ((draft.line = 'HTTP/1.1 204 No Content'), framed(draft, ['content-length: 0'], '')),
    '204 with chunks': (draft, random) =>
      void (coding('transfer-encoding: chunked')(draft, random), (draft.line = 'HTTP/1.1 204 No Content')),
    '304': bodiless('304 Not Modified'),
    '304 with a length': (draft) => void ((draft.line = 'HTTP/1.1 304 Not Modified'), (draft.body = '')),
    '304 with a body': (draft) => void (draft.line = 'HTTP/1.1 304 Not Modified'),
    '304 with chunks': (draft, random) =>
      void (coding('transfer-encoding: chunked')(draft, random), (draft.line = 'HTTP/1.1 304 Not Modified')),
    '205 with a body': (draft) => void (draft.line = 'HTTP/1.1 205 Reset Content'),
    'HEAD with a body': (draft) => void (draft.method = 'HEAD'),
    'HEAD with chunks': (draft, random) => void (coding('transfer-encoding: chunked')(draft, random), (draft.method = 'HEAD')),
  },
  interim: {
    '100': before(interim('100 Continue')),
    '102': before(interim('102 Processing')),
    '103': before(interim('103 Early Hints', 'link: </a>; rel=preload')),
    '199': before(interim('199 Odd')),
    fifty: before(interim('103 Early Hints', 'link: </a>').repeat(50)),
    'a flood': before(interim('103 Early Hints', 'link: </a>').repeat(3_000)),
    'a flood of 100': before(interim('100 Continue').repeat(3_000)),
    'with a length': before(interim('103 Early Hints', 'content-length: 5')),
    'with a length and a body': before(`${interim('103 Early Hints', 'content-length: 5')}12345`),
    'with chunks': before(`${interim('103 Early Hints', 'transfer-encoding: chunked')}0\r\n\r\n`),
    'with the mark of another': before(interim('103 Early Hints', `${MARK}: c0`)),
    folded: before(interim('103 Early Hints', 'link: </a>\r\n b')),
    'in LF': before('HTTP/1.1 103 Early Hints\nlink: </a>\n\n'),
    'of HTTP/1.0': before('HTTP/1.0 103 Early Hints\r\n\r\n'),
    '101': (draft) =>
      void ((draft.line = 'HTTP/1.1 101 Switching Protocols'), draft.fields.push('connection: upgrade', 'upgrade: websocket')),
    '101 in front': before(interim('101 Switching Protocols', 'connection: upgrade', 'upgrade: websocket')),
    'and the end': early(
      (draft) => void (draft.before = interim('103 Early Hints')),
      (draft) => bytesOf(draft).length - draft.before.length,
    ),
  },
  'early end': {
    'at once': early(
      () => undefined,
      () => Infinity,
    ),
    'in the status line': early(
      () => undefined,
      (draft, random) => bytesOf(draft).length - 1 - random.whole(draft.line.length),
    ),
    'in the head': early(
      () => undefined,
      (draft, random) => draft.body.length + 1 + random.whole(20),
    ),
    'behind the head': early(length(String), (draft) => draft.body.length),
    'in the body': early(length(String), (draft, random) => 1 + random.whole(draft.body.length - 1)),
    'in chunks': early(coding('transfer-encoding: chunked'), (draft, random) => 1 + random.whole(draft.body.length - 1)),
    'in the last chunk': early(coding('transfer-encoding: chunked'), (_, random) => 1 + random.whole(4)),
    'of a reply until the end': (draft, random) => void (closing(draft, random), (draft.end = 'is reset')),
    'of a large one': early(
      (draft) => framed(draft, ['content-length: 300000'], 'x'.repeat(300_000)),
      (_, random) => 1 + random.whole(290_000),
    ),
  },
  behind: {
    'a second reply': (draft) => void (draft.after = behind(draft.id)),
    'a second reply to HEAD': (draft) => void ((draft.method = 'HEAD'), (draft.body = ''), (draft.after = behind(draft.id))),
    'a second reply behind chunks': (draft, random) =>
      void (coding('transfer-encoding: chunked')(draft, random), (draft.after = behind(draft.id))),
    'a second reply behind 204': (draft, random) => void (bodiless('204 No Content')(draft, random), (draft.after = behind(draft.id))),
    'a second reply behind 304': (draft, random) => void (bodiless('304 Not Modified')(draft, random), (draft.after = behind(draft.id))),
    'an interim one': (draft) => void (draft.after = interim('100 Continue')),
    'an empty line': (draft) => void (draft.after = '\r\n'),
    'a byte': (draft) => void (draft.after = 'x'),
  },
  size: {
    'a long line': field(`x-a: ${'b'.repeat(70_000)}`),
    'a long name': field(`${'x'.repeat(70_000)}: b`),
    'many lines': (draft) => void draft.fields.push(...Array.from({ length: 300 }, (_, at) => `x-${at}: b`)),
    'a large body': (draft) => framed(draft, ['content-length: 300000'], 'x'.repeat(300_000)),
    'a large body in chunks': chunk(() => `${chunked('y'.repeat(99), undefined, '').repeat(1_000)}0\r\n\r\n`),
  },
}
