import { ListenError, type ListenOptions, type ListenSocket } from '@mesh/io'
import { expect, test } from 'vitest'
import { ListenPermits } from './listen-permits.ts'

/** A machine on which some ports are taken; 0 is 4000 at first, then 4001... */
function machine(...taken: readonly number[]) {
  const tried: number[] = []
  let free = 4_000
  const listen = async ({ address, port }: ListenOptions): Promise<ListenSocket> => {
    tried.push(port)
    if (taken.includes(port)) throw new ListenError('in-use', `${address}:${port} is taken`)
    return { address, port: port === 0 ? free++ : port, descriptor: undefined, close: async () => undefined }
  }
  return { tried, listen }
}

const granted = (port: number, inherited?: number) => ({ kind: 'granted', port, inherited })

test('a place is tried out once for all workers, and again when the last of them has left it', async () => {
  const io = machine()
  const permits = new ListenPermits(io)
  expect(await Promise.all([0, 1].map((worker) => permits.ask(worker, '::1', 80)))).toEqual([granted(80), granted(80)])
  permits.release(0, '::1', 80)
  await permits.ask(0, '::1', 80)
  expect(io.tried).toEqual([80])
  permits.release(0, '::1', 80)
  permits.forget(1)
  await permits.ask(1, '::1', 80)
  expect(io.tried).toEqual([80, 80])
})

test('a free port is the same for all workers', async () => {
  const permits = new ListenPermits(machine())
  expect(await Promise.all([0, 1].map((worker) => permits.ask(worker, '::1', 0)))).toEqual([granted(4_000), granted(4_000)])
  expect(await permits.ask(2, '::1', 0)).toEqual(granted(4_000))
  expect(await permits.ask(2, '127.0.0.1', 0)).toEqual(granted(4_001))
})

test('a place that somebody else has is refused, and asked for again', async () => {
  const io = machine(80)
  const permits = new ListenPermits(io)
  const refused = { kind: 'refused', code: 'in-use', message: '::1:80 is taken' }
  expect([await permits.ask(0, '::1', 80), await permits.ask(1, '::1', 80)]).toEqual([refused, refused])
  expect(io.tried).toEqual([80, 80])
})

test('sockets of a predecessor go to one worker each, and nothing is tried out', async () => {
  const left = [7, 8]
  const io = machine(80)
  const permits = new ListenPermits(io, (_address, port) => (port === 80 ? left.shift() : undefined))
  expect([await permits.ask(0, '::1', 80), await permits.ask(1, '::1', 80)]).toEqual([granted(80, 7), granted(80, 8)])
  expect(io.tried).toEqual([])
})
