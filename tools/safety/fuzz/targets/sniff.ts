import { readFileSync } from 'node:fs'
import { PREFACE, sniffClientHello, sniffPreface } from '../../../../packages/wire/src/index.ts'
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
