import { expect, test } from 'vitest'
import { connError } from './conn-error.ts'

test('the kernel’s names become the port’s, in every phase', () => {
  const coded = (code: string): string => connError('connect', Object.assign(new Error('x'), { code })).code
  expect(['ECONNREFUSED', 'ENETUNREACH', 'EMFILE', 'ETIMEDOUT', 'EPIPE', 'EWHATEVER'].map(coded)).toEqual([
    'refused',
    'unreachable',
    'exhausted',
    'timeout',
    'reset',
    'other',
  ])
})

test('OpenSSL’s message is cut to its first line; during a handshake whatever is unknown is TLS', () => {
  const error = Object.assign(new Error('wrong version number\nstack'), { code: 'ERR_SSL_WRONG_VERSION_NUMBER' })
  expect(connError('open', error)).toEqual({ phase: 'open', code: 'tls', message: 'wrong version number' })
  expect(connError('tls', new Error(''))).toEqual({ phase: 'tls', code: 'tls', message: 'The connection failed.' })
})
