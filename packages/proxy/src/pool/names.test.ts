import type { Io, ResolveOptions } from '@mesh/io'
import { expect, test } from 'vitest'
import { createCounters } from '../counters.ts'
import { LIMITS } from '../limits.ts'
import { createNames } from './names.ts'

/** A resolver that says what the test says, and timers that only the test fires. */
function byHand() {
  const asked = new Map<string, ResolveOptions>()
  const timers: (() => void)[] = []
  const io = {
    timers: {
      now: () => 0,
      wallClock: () => 0,
      arm: (_ms: number, callback: () => void) => (timers.push(callback), { cancel: () => undefined }),
    },
    resolver: {
      watch: (name: string, options: ResolveOptions) => {
        asked.set(name, options)
        return { addresses: undefined, stop: () => undefined }
      },
    },
  } satisfies Pick<Io, 'timers' | 'resolver'>
  const names = createNames({ io: io as Pick<Io, 'timers' | 'resolver'> as Io, limits: LIMITS, counters: createCounters() })
  const lookUp = (name: string): (string | undefined)[] => {
    const answers: (string | undefined)[] = []
    names.lookup(name, (address) => answers.push(address))
    return answers
  }
  return { asked, names, lookUp }
}

test('a name that is known not to resolve is answered at once, until it does', () => {
  const { asked, lookUp } = byHand()
  const first = lookUp('books.example')
  expect(first).toEqual([])
  asked.get('books.example')?.onError?.('no such name')
  expect(first).toEqual([undefined])
  expect(lookUp('books.example')).toEqual([undefined])
  asked.get('books.example')?.onChange(['192.0.2.7'])
  expect(lookUp('books.example')).toEqual(['192.0.2.7'])
})

test('a failure later on leaves the last good addresses', () => {
  const { asked, lookUp } = byHand()
  lookUp('books.example')
  asked.get('books.example')?.onChange(['192.0.2.7'])
  asked.get('books.example')?.onError?.('server failure')
  expect(lookUp('books.example')).toEqual(['192.0.2.7'])
})
