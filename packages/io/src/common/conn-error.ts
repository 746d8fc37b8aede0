import type { ConnError } from '../port/conn.ts'

/** Node's error as the port tells it. */
export function connError(phase: ConnError['phase'], error: unknown): ConnError {
  const { code = '', message = '' } = error as { code?: string; message?: string }
  const kind = CODES.get(code) ?? (isTls(code, phase) ? 'tls' : 'other')
  return { phase, code: kind, message: SENTENCES[kind] ?? firstLine(message) }
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

const SENTENCES: Partial<Record<ConnError['code'], string>> = {
  refused: 'Nothing listens there: the connection was refused.',
  unreachable: 'There is no way to that address.',
  exhausted: 'This machine has no file descriptors, ports or memory left for another connection.',
  timeout: 'The other side no longer answers.',
  reset: 'The other side reset the connection.',
}

function isTls(code: string, phase: ConnError['phase']): boolean {
  return phase === 'tls' || code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS')
}

/** OpenSSL's messages carry more lines. */
function firstLine(message: string): string {
  return message.split('\n', 1)[0] || 'The connection failed.'
}
