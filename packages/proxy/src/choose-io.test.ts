import { isBuiltin } from 'node:module'
import { expect, test } from 'vitest'
import { chooseIo } from './choose-io.ts'

const chosen = (wanted: 'auto' | 'fast' | 'portable') => {
  const lines: unknown[] = []
  const { plug } = chooseIo({ wanted, onFault: () => undefined, log: { info: (fields: unknown) => void lines.push(fields) } })
  return { plug, lines }
}

test('the portable plug is taken where it is asked for, and one line says so', () => {
  expect(chosen('portable')).toEqual({ plug: 'portable', lines: [{ plug: 'portable', why: 'as the settings say' }] })
})

test.runIf(process.platform === 'linux')(
  'the fast plug is taken by itself where it can be had, and the line says by what it calls C',
  () => {
    const why = `epoll and OpenSSL by ${isBuiltin('node:ffi') ? 'node:ffi' : 'koffi'}`
    expect(chosen('auto')).toEqual({ plug: 'fast', lines: [{ plug: 'fast', why }] })
    expect(chosen('fast').plug).toBe('fast')
  },
)

test('where the fast plug cannot be had, auto takes the portable one and says why, and asking for it fails', () => {
  const { platform } = process
  Object.defineProperty(process, 'platform', { value: 'sunos' })
  try {
    expect(chosen('auto')).toMatchObject({ plug: 'portable', lines: [{ why: expect.stringContaining('sunos') }] })
    expect(() => chosen('fast')).toThrow(/sunos/)
  } finally {
    Object.defineProperty(process, 'platform', { value: platform })
  }
})
