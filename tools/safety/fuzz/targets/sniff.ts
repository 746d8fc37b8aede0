import { readFileSync } from 'node:fs'
import { PREFACE, readProxyHeader, sniffClientHello, sniffPreface } from '../../../../packages/wire/src/index.ts'
import { bytesOf, cutsOf, same, type Target } from '../target.ts'

const HELLO = new URL('../../../../packages/wire/src/tls/testdata/openssl-client-hello.base64', import.meta.url)

/** The first bytes of a connection. */
export const SNIFF: readonly Target[] = [
  {
    name: 'client-hello',
    seeds: () => {
      const hello = Buffer.from(readFileSync(HELLO, 'utf8').replaceAll(/\s/g, ''), 'base64')
      return [Uint8Array.from(hello), Uint8Array.from(hello.subarray(0, 90)), bytesOf('GET / HTTP/1.1\r\n')]
    },
    check: (bytes, random) => decided(sniffClientHello, ({ kind }) => kind, bytes, cutsOf(bytes, random)),
  },
  {
    name: 'h2-preface',
    seeds: () => [bytesOf(PREFACE), bytesOf('PRI * HTTP/1.1\r\n'), bytesOf('GET / HTTP/1.1\r\n')],
    check: (bytes, random) => decided(sniffPreface, (answer) => answer, bytes, cutsOf(bytes, random)),
  },
  {
    name: 'proxy-protocol',
    seeds: () => PROXY_HEADERS.map(bytesOf),
    check: (bytes, random) => decided(readProxyHeader, ({ kind }) => kind, bytes, cutsOf(bytes, random)),
  },
]

const SIGNATURE = '\r\n\r\n\0\r\nQUIT\n'
const PROXY_HEADERS = [
  'PROXY TCP4 10.0.0.1 10.0.0.2 4000 80\r\nGET / HTTP/1.1\r\n',
  'PROXY TCP6 2001:db8::1 ::1 4000 443\r\n',
  'PROXY UNKNOWN\r\n',
  `${SIGNATURE}\x21\x11\0\x0c\x0a\0\0\x01\x0a\0\0\x02\x0f\xa0\0\x50`,
  `${SIGNATURE}\x21\x11\0\x10\x0a\0\0\x01\x0a\0\0\x02\x0f\xa0\0\x50\x04\0\x01a`,
  `${SIGNATURE}\x20\0\0\0`,
]

/** What is decided of the first bytes stays decided, whatever follows them. */
function decided<A>(sniff: (bytes: Uint8Array) => A, kindOf: (answer: A) => string, bytes: Uint8Array, cuts: readonly number[]): string {
  const whole = sniff(bytes.slice())
  for (const cut of cuts) {
    const early = sniff(bytes.slice(0, cut))
    if (kindOf(early) !== 'more') same('more bytes, another answer', early, whole)
  }
  return kindOf(whole)
}
