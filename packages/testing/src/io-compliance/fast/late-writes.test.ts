import { fastIo, type Sys } from '@mesh/io/fast'
import { expect, test } from 'vitest'
import { pattern, Rig } from '../rig.ts'

/** Writes down the lengths of what is sent, and lets a send fail or be cut short where it is told. */
class Watch {
  readonly sent: number[] = []
  /** What the next send answers instead of being made: a negative error, or how many bytes go at most. */
  next: number | undefined

  readonly through = (sys: Sys): Sys =>
    new Proxy(sys, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name, target)
        if (name === 'send') return (fd: number, offset: number, length: number) => this.#send(target, fd, offset, length)
        return typeof value === 'function' ? (...args: unknown[]): unknown => Reflect.apply(value, target, args) : value
      },
    })

  #send(sys: Sys, fd: number, offset: number, length: number): number {
    const { next } = this
    this.next = undefined
    if (next !== undefined && next < 0) return next
    const count = sys.send(fd, offset, Math.min(length, next ?? length))
    this.sent.push(count)
    return count
  }
}

const bytes = (text: string): Buffer => Buffer.from(text)

test('what a handler writes in several steps leaves in one call, and before what it writes at length', async () => {
  const watch = new Watch()
  const rig = new Rig((options) => fastIo({ ...options, through: watch.through }))
  const long = pattern(40_000)
  const socket = await rig.listen({
    onData: (conn) => {
      watch.sent.length = 0
      for (const step of ['a', 'b', 'c']) conn.write(bytes(step))
      expect(conn.pendingBytes).toBe(3)
      conn.write(long)
      conn.write(bytes('d'))
    },
  })
  const client = rig.connect(socket, { onOpen: (conn) => void conn.write(bytes('x')) })
  await client.until(() => client.bytes === 40_004)
  expect(client.text).toBe(`abc${long.toString('latin1')}d`)
  expect([watch.sent[0], watch.sent.at(-1)]).toEqual([3, 1])
  expect(rig.faults).toEqual([])
  await rig.close()
})

test.each(['end', 'close'] as const)('what is written before %s arrives before the end', async (how) => {
  const rig = new Rig((options) => fastIo(options))
  const socket = await rig.listen({
    onData: (conn) => {
      conn.write(bytes('last '))
      conn.write(bytes('words'))
      conn[how]()
    },
  })
  const client = rig.connect(socket, { onOpen: (conn) => void conn.write(bytes('x')), onEnd: (conn) => conn.end() })
  await client.until(() => client.closed)
  expect([client.text, client.error]).toEqual(['last words', undefined])
  await rig.close()
})

test('what the kernel does not take of it stays in front of what is written next', async () => {
  const watch = new Watch()
  const rig = new Rig((options) => fastIo({ ...options, through: watch.through }))
  const long = pattern(20_000)
  const outcomes: string[] = []
  const pending: number[] = []
  const socket = await rig.listen({
    onData: (conn) => {
      watch.next ??= outcomes.length === 0 ? 2 : undefined
      outcomes.push(conn.write(bytes('12345')), conn.write(long))
      pending.push(conn.pendingBytes)
    },
  })
  const client = rig.connect(socket, { onOpen: (conn) => void conn.write(bytes('x')) })
  await client.until(() => client.bytes >= 2)
  client.conn?.write(bytes('x'))
  await client.until(() => client.bytes >= 20_005)
  expect(client.text.slice(0, 20_005)).toBe(`12345${long.toString('latin1')}`)
  expect([outcomes.slice(0, 2), pending[0]]).toEqual([['accepted', 'short'], 20_003])
  await rig.close()
})

test('a connection that breaks as it leaves costs no other its bytes', async () => {
  const watch = new Watch()
  const rig = new Rig((options) => fastIo({ ...options, through: watch.through }))
  const socket = await rig.listen({ onData: (conn, lent) => void conn.write(lent) })
  const clients = Array.from({ length: 4 }, () => rig.connect(socket, { onEnd: (conn) => conn.end() }))
  await Promise.all(clients.map((client) => client.until(({ happened }) => happened.includes('open'))))
  await rig.server(3)
  for (const { conn } of clients) conn?.write(bytes('x'))
  watch.next = -32
  await Promise.all(clients.map((client) => client.until(() => client.closed || client.text === 'x')))
  expect(clients.filter(({ text }) => text === 'x')).toHaveLength(3)
  expect(rig.accepted.filter(({ closes, error }) => closes === 1 && error !== undefined)).toHaveLength(1)
  expect(rig.faults).toEqual([])
  await rig.close()
})
