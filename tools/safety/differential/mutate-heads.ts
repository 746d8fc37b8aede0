import { HOST, payload, withLength, type Draft } from './draft.ts'
import type { Mutate, Mutations } from './mutations.ts'
import type { Random } from '../running/random.ts'

const put = (line: string | ((draft: Draft, random: Random) => string)): Mutate => {
  return (draft, random) => {
    const text = typeof line === 'string' ? line : line(draft, random)
    draft.fields.splice(random.whole(draft.fields.length + 1), 0, text)
  }
}
const method =
  (text: string): Mutate =>
  (draft) =>
    void (draft.method = text)
const target =
  (of: (draft: Draft) => string): Mutate =>
  (draft) =>
    void (draft.target = of(draft))
const version =
  (text: string): Mutate =>
  (draft) =>
    void (draft.version = text)
const host =
  (...values: readonly string[]): Mutate =>
  (draft) => {
    draft.fields = [...values, ...draft.fields.slice(1)]
  }
/** Within the value of a header. */
const value = (text: string): Mutate => put(`X-Odd: a${text}b`)
const CONTROLS = ['\0', '\x01', '\x0b', '\x0c', '\x1b', '\x7f']

/** Request line and header lines. */
export const HEADS: Mutations = {
  method: {
    'lower case': method('get'),
    unknown: method('PURGE'),
    'no token': method('GE(T'),
    empty: method(''),
    control: method('GE\x01T'),
    long: method('A'.repeat(300)),
    trace: method('TRACE'),
    connect: (draft) => {
      draft.method = 'CONNECT'
      draft.target = `${HOST}:80`
    },
    'connect with a path': method('CONNECT'),
    'connect with a body': (draft, random) => {
      withLength(draft, payload(draft.id, random)).method = 'CONNECT'
      draft.target = `${HOST}:80`
    },
    options: method('OPTIONS'),
  },
  'request line': {
    'two spaces': (draft) => void (draft.method += ' '),
    tab: (draft) => void ((draft.method = `${draft.method}\t${draft.target}`), (draft.target = '')),
    'space at the end': (draft) => void (draft.version += ' '),
    'space in front': (draft) => void (draft.method = ` ${draft.method}`),
    'empty line in front': (draft) => void (draft.method = `\r\n${draft.method}`),
    'empty bare line in front': (draft) => void (draft.method = `\n${draft.method}`),
    'many empty lines in front': (draft) => void (draft.method = `${'\r\n'.repeat(9)}${draft.method}`),
    'space in the target': target(({ target }) => `${target} x`),
    'bare CR': (draft) => void (draft.version = `\r${draft.version}`),
  },
  version: {
    '1.0': version('HTTP/1.0'),
    '1.2': version('HTTP/1.2'),
    '2.0': version('HTTP/2.0'),
    '0.9': version('HTTP/0.9'),
    none: version(''),
    'lower case': version('http/1.1'),
    'two digits': version('HTTP/1.10'),
    'leading zero': version('HTTP/01.1'),
    other: version('ICAP/1.1'),
  },
  target: {
    absolute: target(({ target }) => `http://${HOST}${target}`),
    'absolute, other host': target(({ target }) => `http://other.test${target}`),
    'absolute, https': target(({ target }) => `https://${HOST}${target}`),
    'absolute, upper case': target(({ target }) => `HTTP://${HOST.toUpperCase()}${target}`),
    'absolute, user': target(({ target }) => `http://user@${HOST}${target}`),
    'absolute, no path': target(() => `http://${HOST}`),
    'absolute, query only': target(({ id }) => `http://${HOST}?${id}`),
    'absolute, other scheme': target(({ target }) => `ftp://${HOST}${target}`),
    'no slash in front': target(({ target }) => target.slice(1)),
    'two slashes in front': target(({ target }) => `/${target}`),
    star: target(() => '*'),
    authority: target(() => `${HOST}:80`),
    fragment: target(({ target }) => `${target}#part`),
    backslash: target(({ target }) => `${target}\\..\\x`),
    dots: target(({ target }) => `${target}/../x`),
    'encoded dots': target(({ target }) => `${target}/%2e%2e/x`),
    'encoded slash': target(({ target }) => `${target}%2f..%2fx`),
    'encoded NUL': target(({ target }) => `${target}%00`),
    'bad escape': target(({ target }) => `${target}%zz`),
    'high bytes': target(({ target }) => `${target}\xe9\xff`),
    control: (draft, random) => void (draft.target += random.pick(CONTROLS)),
    quotes: target(({ target }) => `${target}"<>^\`{|}`),
    empty: target(() => ''),
    semicolon: target(({ target }) => `${target};a=b/../x`),
  },
  host: {
    none: host(),
    empty: host('Host:'),
    'twice, equal': host(`Host: ${HOST}`, `Host: ${HOST}`),
    'twice, different': host(`Host: ${HOST}`, 'Host: other.test'),
    port: host(`Host: ${HOST}:8080`),
    'bad port': host(`Host: ${HOST}:80x`),
    'empty port': host(`Host: ${HOST}:`),
    'large port': host(`Host: ${HOST}:99999`),
    user: host(`Host: user@${HOST}`),
    'trailing dot': host(`Host: ${HOST}.`),
    'two trailing dots': host(`Host: ${HOST}..`),
    'dot only': host('Host: .'),
    'upper case': host(`Host: ${HOST.toUpperCase()}`),
    comma: host(`Host: ${HOST}, other.test`),
    space: host('Host: shop test'),
    path: host(`Host: ${HOST}/x`),
    query: host(`Host: ${HOST}?x`),
    control: host(`Host: shop\x01.test`),
    'high bytes': host(`Host: shop\xe9.test`),
    IPv6: host('Host: [::1]:80'),
    'IPv6, bad': host('Host: [::1'),
    'IPv6, zone': host('Host: [fe80::1%25eth0]'),
    underscore: host('Host: shop_a.test'),
    'space before the colon': host(`Host : ${HOST}`),
    folded: host('Host:', ` ${HOST}`),
    percent: host('Host: shop%2etest'),
  },
  'header name': {
    empty: put(': a'),
    'space before the colon': put('X-Odd : a'),
    'tab before the colon': put('X-Odd\t: a'),
    'space within': put('X Odd: a'),
    'no colon': put('X-Odd'),
    'no token': put('X(Odd): a'),
    control: (draft, random) => put(`X${random.pick(CONTROLS)}Odd: a`)(draft, random),
    'high byte': put('X\xe9Odd: a'),
    underscore: put('X_Odd: a'),
    long: put(`${'x'.repeat(2000)}: a`),
    'length with a space': put('Content-Length : 7'),
    'length with an underscore': put('Content_Length: 7'),
    'coding with a space': put('Transfer-Encoding : chunked'),
    'coding with a tab': put('Transfer-Encoding\t: chunked'),
    'coding with an underscore': put('Transfer_Encoding: chunked'),
    'coding behind a NUL': put('\0Transfer-Encoding: chunked'),
  },
  'header value': {
    empty: put('X-Odd:'),
    control: (draft, random) => value(random.pick(CONTROLS))(draft, random),
    NUL: value('\0'),
    tab: value('\t'),
    'high bytes': value('\xe9\xff'),
    'bare CR': value('\r'),
    'bare CR and a header': value('\rContent-Length: 9'),
    'bare LF': value('\n'),
    'bare LF and a header': value('\nX-More: 1'),
    'bare LF and a length': value('\nContent-Length: 3'),
    'LF CR': value('\n\r'),
    'white space around': put('X-Odd: \t a \t '),
    long: put(`X-Odd: ${'a'.repeat(5000)}`),
    'many lines': (draft) => void draft.fields.push(...Array.from({ length: 60 }, (_, at) => `X-${at}: ${at}`)),
    twice: (draft) => void draft.fields.push('X-Odd: a', 'X-Odd: b'),
  },
  folded: {
    space: put('X-Odd: a\r\n b'),
    tab: put('X-Odd: a\r\n\tb'),
    'first line': (draft) => void draft.fields.unshift(' X-Odd: a'),
    length: (draft, random) => {
      withLength(draft, payload(draft.id, random))
      draft.fields[draft.fields.length - 1] = `Content-Length:\r\n ${draft.body.length}`
    },
    coding: put('Transfer-Encoding:\r\n chunked'),
    'header within': put('X-Odd: a\r\n Content-Length: 5'),
    'white line': put(' '),
  },
  'line ends': {
    'bare LF': (draft) => void ((draft.lineEnd = '\n'), (draft.headEnd = '\n')),
    'bare LF at the end of the head': (draft) => void (draft.headEnd = '\n'),
    'bare CR': (draft) => void (draft.lineEnd = '\r'),
    'CR CR LF': (draft) => void (draft.lineEnd = '\r\r\n'),
    'CR CR LF at the end of the head': (draft) => void (draft.headEnd = '\r\r\n'),
    'LF CR LF': (draft) => void (draft.lineEnd = '\n\r\n'),
    'one line with LF': (draft) => void (draft.fields = [draft.fields.join('\n')]),
  },
  connection: {
    close: put('Connection: close'),
    'names Host': put('Connection: Host'),
    'names a length': (draft, random) => put('Connection: Content-Length')(withLength(draft, payload(draft.id, random)), random),
    'names the coding': put('Connection: Transfer-Encoding'),
    'names a header': (draft) => void draft.fields.push('Connection: X-Odd', 'X-Odd: a'),
    'odd list': put('Connection: ,, keep-alive,;'),
    'proxy connection': put('Proxy-Connection: close'),
    te: (draft) => void draft.fields.push('Connection: TE', 'TE: trailers'),
    'upgrade to h2c': (draft) =>
      void draft.fields.push('Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA'),
    'upgrade to something': (draft) => void draft.fields.push('Connection: Upgrade', 'Upgrade: foo'),
    'upgrade without Connection': put('Upgrade: websocket'),
  },
}
