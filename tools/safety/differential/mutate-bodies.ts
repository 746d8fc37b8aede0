import { bytesOf, chunked, HOST, payload, plainDraft, withChunks, withLength, type Draft } from './draft.ts'
import type { Mutate, Mutations } from './mutations.ts'
import type { Random } from '../running/random.ts'

/** A body whose length is written otherwise. */
const length = (...lines: readonly ((size: number) => string)[]): Mutate => {
  return (draft, random) => {
    const text = payload(draft.id, random)
    withLength(draft, text)
    draft.fields.splice(-1, 1, ...lines.map((line) => line(text.length)))
  }
}
const one = (value: (size: number) => string): Mutate => length((size) => `Content-Length: ${value(size)}`)

/** A chunked body, and the lines that say so. */
const coding = (...lines: readonly string[]): Mutate => {
  return (draft, random) => {
    withChunks(draft, chunked(payload(draft.id, random)))
    draft.fields.splice(-1, 1, ...lines)
  }
}
const both = (order: 'length first' | 'coding first', size: (body: string) => number): Mutate => {
  return (draft, random) => {
    withChunks(draft, chunked(payload(draft.id, random)))
    const line = `Content-Length: ${size(draft.body)}`
    if (order === 'length first') draft.fields.splice(-1, 0, line)
    else draft.fields.push(line)
  }
}
const line = (of: (size: string, random: Random) => string): Mutate => {
  return (draft, random) => {
    const text = payload(draft.id, random)
    withChunks(draft, chunked(text, of(text.length.toString(16), random)))
  }
}
const last =
  (end: string): Mutate =>
  (draft, random) =>
    void withChunks(draft, chunked(payload(draft.id, random), undefined, end))
const body = (of: (text: string, draft: Draft) => string): Mutate => {
  return (draft, random) => void withChunks(draft, of(payload(draft.id, random), draft))
}
const hex = (text: string): string => text.length.toString(16)

/** Framing of bodies, and what follows them. */
export const BODIES: Mutations = {
  plain: {
    get: () => undefined,
    length: one(String),
    chunks: coding('Transfer-Encoding: chunked'),
    'length 0': (draft) => void withLength(draft, ''),
  },
  length: {
    empty: one(() => ''),
    plus: one((size) => `+${size}`),
    minus: one((size) => `-${size}`),
    hexadecimal: one((size) => `0x${size.toString(16)}`),
    'leading zeros': one((size) => `000${size}`),
    'letter behind': one((size) => `${size}x`),
    fraction: one((size) => `${size}.0`),
    exponent: one((size) => `${size}e0`),
    'space within': one((size) => `${String(size)[0]} ${String(size).slice(1)}`),
    'space around': one((size) => `  ${size}\t `),
    'list, equal': one((size) => `${size}, ${size}`),
    'list, different': one((size) => `${size}, 0`),
    'list, empty part': one((size) => `${size},`),
    'twice, equal': length(...Array<(size: number) => string>(2).fill((size) => `Content-Length: ${size}`)),
    'twice, different': length(
      (size) => `Content-Length: ${size}`,
      () => 'Content-Length: 0',
    ),
    'twice, 0 first': length(
      () => 'Content-Length: 0',
      (size) => `Content-Length: ${size}`,
    ),
    'above 2^64': one((size) => (2n ** 64n + BigInt(size)).toString()),
    'above 2^32': one((size) => String(2 ** 32 + size)),
    'above 2^53': one(() => '9007199254740993'),
    'too small': one(() => '0'),
    'other digits': one((size) => `\xb2${size}`),
    'control behind': one((size) => `${size}\x0b`),
    quoted: one((size) => `"${size}"`),
    'of a GET': (draft, random) => void (withLength(draft, payload(draft.id, random)).method = 'GET'),
    'NUL behind': one((size) => `${size}\0`),
  },
  coding: {
    'upper case': coding('Transfer-Encoding: CHUNKED'),
    'no space': coding('Transfer-Encoding:chunked'),
    'tab in front': coding('Transfer-Encoding: \tchunked'),
    'vertical tab in front': coding('Transfer-Encoding: \x0bchunked'),
    'letter in front': coding('Transfer-Encoding: xchunked'),
    'letter behind': coding('Transfer-Encoding: chunkedx'),
    quoted: coding('Transfer-Encoding: "chunked"'),
    parameter: coding('Transfer-Encoding: chunked;a=b'),
    'comma behind': coding('Transfer-Encoding: chunked,'),
    'comma in front': coding('Transfer-Encoding: , chunked'),
    identity: coding('Transfer-Encoding: identity'),
    'identity behind': coding('Transfer-Encoding: chunked, identity'),
    'gzip in front': coding('Transfer-Encoding: gzip, chunked'),
    'twice in one line': coding('Transfer-Encoding: chunked, chunked'),
    twice: coding('Transfer-Encoding: chunked', 'Transfer-Encoding: chunked'),
    'twice, one odd': coding('Transfer-Encoding: chunked', 'Transfer-Encoding: cow'),
    'twice, odd first': coding('Transfer-Encoding: cow', 'Transfer-Encoding: chunked'),
    empty: coding('Transfer-Encoding:'),
    'NUL within': coding('Transfer-Encoding: chunk\0ed'),
    'of 1.0': (draft, random) => {
      coding('Transfer-Encoding: chunked')(draft, random)
      draft.version = 'HTTP/1.0'
    },
    'of 1.0, kept alive': (draft, random) => {
      coding('Transfer-Encoding: chunked', 'Connection: keep-alive')(draft, random)
      draft.version = 'HTTP/1.0'
    },
    'of a GET': (draft, random) => {
      coding('Transfer-Encoding: chunked')(draft, random)
      draft.method = 'GET'
    },
    'content coding': coding('Content-Encoding: chunked', 'Transfer-Encoding: chunked'),
  },
  'both framings': {
    'length of all first': both('length first', (text) => text.length),
    'length of all behind': both('coding first', (text) => text.length),
    'length 0 first': both('length first', () => 0),
    'length 0 behind': both('coding first', () => 0),
    'length 4': both('length first', () => 4),
    'odd coding': (draft, random) => {
      both('length first', (text) => text.length)(draft, random)
      draft.fields = draft.fields.map((field) => field.replace(/: chunked$/, ': xchunked'))
    },
    'hidden coding': (draft, random) => {
      both('length first', (text) => text.length)(draft, random)
      draft.fields = draft.fields.map((field) =>
        field.replace(
          /^Transfer-Encoding: /,
          random.pick([
            'Transfer-Encoding : ',
            ' Transfer-Encoding: ',
            'X: a\nTransfer-Encoding: ',
            'Transfer-Encoding:\x0b',
            'X: a\rTransfer-Encoding: ',
          ]),
        ),
      )
    },
  },
  'chunk size': {
    'leading zeros': line((size) => `0000${size}`),
    'many zeros': line((size) => `${'0'.repeat(40)}${size}`),
    'upper case': line((size) => size.toUpperCase()),
    '0x': line((size) => `0x${size}`),
    plus: line((size) => `+${size}`),
    minus: line((size) => `-${size}`),
    'space in front': line((size) => ` ${size}`),
    'space behind': line((size) => `${size} `),
    'tab behind': line((size) => `${size}\t`),
    'letter behind': line((size) => `${size}g`),
    underscore: line((size) => `${size}_0`),
    'above 2^64': line((size) => `10000000000000000${size}`),
    'above 2^32': line((size) => `1${size.padStart(8, '0')}`),
    'high byte': line((size) => `${size}\xb2`),
    empty: line(() => ''),
    'NUL behind': line((size) => `${size}\0`),
    'too small': line(() => '2'),
    'too large': line((size) => (Number.parseInt(size, 16) + 3).toString(16)),
  },
  'chunk extension': {
    plain: line((size) => `${size};a=b`),
    'no value': line((size) => `${size};a`),
    empty: line((size) => `${size};`),
    'space around': line((size) => `${size} ; a = b`),
    quoted: line((size) => `${size};a="b;c"`),
    'quoted pair': line((size) => `${size};a="b\\"c"`),
    'open quote': line((size) => `${size};a="b`),
    'bare LF': line((size) => `${size};a\nb`),
    'bare CR': line((size) => `${size};a\rb`),
    'LF in quotes': line((size) => `${size};a="\n"`),
    'CR LF in quotes': line((size) => `${size};a="\r\n0\r\n\r\n"`),
    control: line((size, random) => `${size};a${random.pick(['\0', '\x01', '\x0b', '\x7f'])}`),
    'high byte': line((size) => `${size};a=\xe9`),
    long: line((size) => `${size};${'a'.repeat(500)}`),
    'too long': line((size) => `${size};${'a'.repeat(40_000)}`),
    'bare semicolons': line((size) => `${size};;;`),
    'space only': line((size) => `${size} x`),
    'on the last chunk': last('0;a=b\r\n\r\n'),
    'LF on the last chunk': last('0;a\nb\r\n\r\n'),
  },
  chunks: {
    'bare LF behind the size': body((text) => `${hex(text)}\n${text}\r\n0\r\n\r\n`),
    'bare LF behind the data': body((text) => `${hex(text)}\r\n${text}\n0\r\n\r\n`),
    'nothing behind the data': body((text) => `${hex(text)}\r\n${text}0\r\n\r\n`),
    'two bytes behind the data': body((text) => `${hex(text)}\r\n${text}xx0\r\n\r\n`),
    'bare CR behind the size': body((text) => `${hex(text)}\r${text}\r\n0\r\n\r\n`),
    'CR CR LF behind the size': body((text) => `${hex(text)}\r\r\n${text}\r\n0\r\n\r\n`),
    'bare LF everywhere': body((text) => `${hex(text)}\n${text}\n0\n\n`),
    'many small': body((text) => `${[...text].map((char) => `1\r\n${char}\r\n`).join('')}0\r\n\r\n`),
    'zeros for a last': last('0000\r\n\r\n'),
    'bare LF at the end': last('0\r\n\n'),
    'bare LF twice at the end': last('0\n\n'),
    'none at the end': last('0\r\n'),
    'empty line in front': body((text) => `\r\n${chunked(text)}`),
    'a request behind': body((text, { id }) => chunked(text) + bytesOf(plainDraft(id, 'second')).toString('latin1')),
  },
  trailers: {
    plain: last('0\r\nX-Sum: 1\r\n\r\n'),
    length: last('0\r\nContent-Length: 5\r\n\r\n'),
    coding: last('0\r\nTransfer-Encoding: chunked\r\n\r\n'),
    host: last('0\r\nHost: other.test\r\n\r\n'),
    'no colon': last('0\r\nodd\r\n\r\n'),
    folded: last('0\r\nX-Sum: 1\r\n 2\r\n\r\n'),
    'bare LF': last('0\r\nX-Sum: 1\n\r\n'),
    NUL: last('0\r\nX-Sum: \0\r\n\r\n'),
    'space before the colon': last('0\r\nX-Sum : 1\r\n\r\n'),
    underscore: last('0\r\nX_Sum: 1\r\n\r\n'),
    'a request': last(`0\r\nGET /x HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`),
  },
  expect: {
    continue: (draft, random) => void withLength(draft, payload(draft.id, random)).fields.push('Expect: 100-continue'),
    'continue, chunks': (draft, random) => void withChunks(draft, chunked(payload(draft.id, random))).fields.push('Expect: 100-continue'),
    'continue, no body': (draft) => void draft.fields.push('Expect: 100-continue'),
    'upper case': (draft, random) => void withLength(draft, payload(draft.id, random)).fields.push('Expect: 100-CONTINUE'),
    unknown: (draft, random) => void withLength(draft, payload(draft.id, random)).fields.push('Expect: y 100-continue'),
    twice: (draft, random) => void withLength(draft, payload(draft.id, random)).fields.push('Expect: 100-continue', 'Expect: 100-continue'),
    empty: (draft, random) => void withLength(draft, payload(draft.id, random)).fields.push('Expect:'),
    'of 1.0': (draft, random) => {
      withLength(draft, payload(draft.id, random)).fields.push('Expect: 100-continue')
      draft.version = 'HTTP/1.0'
    },
  },
  pipelined: {
    'behind a GET': (draft) => void (draft.body = bytesOf(plainDraft(draft.id, 'second')).toString('latin1')),
    'behind a body': (draft, random) =>
      void (withLength(draft, payload(draft.id, random)).body += bytesOf(plainDraft(draft.id, 'second')).toString('latin1')),
    'behind CR LF': (draft, random) =>
      void (withLength(draft, payload(draft.id, random)).body += `\r\n${bytesOf(plainDraft(draft.id, 'second')).toString('latin1')}`),
    'behind a close': (draft) => {
      draft.fields.push('Connection: close')
      draft.body = bytesOf(plainDraft(draft.id, 'second')).toString('latin1')
    },
    'behind 1.0': (draft) => {
      draft.version = 'HTTP/1.0'
      draft.body = bytesOf(plainDraft(draft.id, 'second')).toString('latin1')
    },
    'garbage behind a body': (draft, random) => void (withLength(draft, payload(draft.id, random)).body += '\0\xffgarbage'),
    'body behind a GET': (draft) => void (draft.body = 'x=1'),
  },
}
