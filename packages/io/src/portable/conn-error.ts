import type { ConnError } from '../port/conn.ts'

/** Node's error as the port tells it. */
export function connError(phase: ConnError['phase'], error: unknown): ConnError {
  const { code = '', message = 'The connection failed.' } = error as { code?: string; message?: string }
  return { phase, code: CODES.get(code) ?? (isTls(code, phase) ? 'tls' : 'other'), message: sentence(message) }
}

const CODES: ReadonlyMap<string, ConnError['code']> = new Map([
  ['ECONNREFUSED', 'refused'],
  ['EHOSTUNREACH', 'unreachable'],
  ['ENETUNREACH', 'unreachable'],
  ['EHOSTDOWN', 'unreachable'],
  ['ENETDOWN', 'unreachable'],
  ['EINVAL', 'unreachable'],
  ['EADDRNOTAVAIL', 'exhausted'],
  ['EMFILE', 'exhausted'],
  ['ENFILE', 'exhausted'],
  ['ENOBUFS', 'exhausted'],
  ['ENOMEM', 'exhausted'],
  ['ETIMEDOUT', 'timeout'],
  ['ECONNRESET', 'reset'],
  ['ECONNABORTED', 'reset'],
  ['EPIPE', 'reset'],
])

function isTls(code: string, phase: ConnError['phase']): boolean {
  return phase === 'tls' || code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS')
}

/** OpenSSL's messages carry lines of their own. */
function sentence(message: string): string {
  return message.split('\n', 1)[0] ?? message
}
