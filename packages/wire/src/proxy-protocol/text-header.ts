import { textOf } from '../h1/text.ts'
import { MAX_PROXY_LINE_BYTES } from '../limits.ts'
import { ipOfText, ipText } from './ip.ts'
import { BAD, MORE, type ProxiedEnd, type ProxyHeader } from './proxy-header.ts'

/** Version 1: one line of text, `PROXY TCP4 192.0.2.1 198.51.100.1 51234 443` and CRLF. */
export function readTextHeader(bytes: Uint8Array): ProxyHeader {
  const most = Math.min(bytes.length, MAX_PROXY_LINE_BYTES)
  for (let at = 0; at < most; at++) {
    const code = bytes[at] as number
    if (at < START.length ? code !== START.charCodeAt(at) : code !== CR && (code < SPACE || code > TILDE)) return BAD
    if (code !== CR) continue
    if (at + 1 === most) break
    return bytes[at + 1] === LF ? readLine(textOf(bytes, START.length, at), at + 2) : BAD
  }
  return most < MAX_PROXY_LINE_BYTES ? MORE : BAD
}

function readLine(line: string, taken: number): ProxyHeader {
  // Whatever follows must be ignored.
  if (line === 'UNKNOWN' || line.startsWith('UNKNOWN ')) return { kind: 'own', taken }
  const [family, from = '', to = '', fromPort = '', toPort = '', ...more] = line.split(' ')
  const size = family === 'TCP4' ? 4 : family === 'TCP6' ? 16 : 0
  const source = endOf(from, fromPort, size)
  const destination = endOf(to, toPort, size)
  if (source === undefined || destination === undefined || more.length > 0) return BAD
  return { kind: 'proxied', taken, source, destination }
}

function endOf(literal: string, port: string, size: number): ProxiedEnd | undefined {
  const ip = ipOfText(literal)
  const address = ip?.length === size ? ipText(ip) : undefined
  if (address === undefined || !PORT.test(port) || Number(port) > 65_535) return undefined
  return { address, port: Number(port) }
}

const START = 'PROXY '
const PORT = /^(?:0|[1-9]\d{0,4})$/
const CR = 13
const LF = 10
const SPACE = 32
const TILDE = 126
