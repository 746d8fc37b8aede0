import * as net from 'node:net'
import { ListenError, type Conn, type ConnectOptions, type ConnHandler } from '@mesh/io'
import { expect, test } from 'vitest'
import { kernelTimer, type KernelTimer } from './kernel-timer.ts'
import type { Recorder } from './recorder.ts'
import { pattern, type Rig } from './rig.ts'

const MEGABYTE = 1024 * 1024

/** Bytes over TCP: order, half-close, reset, backpressure, faults. */
export function plainCompliance(use: () => Rig): void {
  const echo = { onData: (conn: Conn, lent: Uint8Array) => void conn.write(lent), onEnd: (conn: Conn) => conn.end() }

  test('bytes come back as they were sent, and both ends close in order', async () => {
    const rig = use()
    const client = rig.connect(await rig.listen(echo), { onOpen: (conn) => void conn.write(Buffer.from('hello')) })
    await client.until(() => client.text === 'hello')
    client.conn?.end()
    await client.until(() => client.closed)
    const server = await rig.server()
    await server.until(() => server.closed)
    expect([client.happened, client.error]).toEqual([['open', 'data', 'end', 'close'], undefined])
    expect([server.happened, server.error]).toEqual([['data', 'end', 'close'], undefined])
  })

  test('both ends know both addresses, and a source address is kept to', async () => {
    const rig = use()
    const socket = await rig.listen({}, { address: '127.0.0.3' })
    const client = rig.connect(socket, {}, { localAddress: '127.0.0.7' })
    await client.until(({ happened }) => happened.includes('open'))
    const server = await rig.server()
    expect(server.conn).toMatchObject({ remoteAddress: '127.0.0.7', localAddress: '127.0.0.3', localPort: socket.port, tls: undefined })
    expect(client.conn).toMatchObject({ remoteAddress: '127.0.0.3', localAddress: '127.0.0.7', remotePort: socket.port })
    expect(server.conn?.remotePort).toBe(client.conn?.localPort)
  })

  test('a connection may be reset as it is accepted', async () => {
    const rig = use()
    const handler = { onData: () => undefined, onEnd: () => undefined, onClose: () => undefined }
    const onConn = (conn: Conn): ConnHandler => {
      conn.reset()
      return handler
    }
    const client = rig.connect(await rig.listen({}, { onConn }))
    await client.until(() => client.closed)
    expect(rig.faults).toEqual([])
  })

  test.runIf(process.platform === 'linux')('the kernel probes a quiet connection where it is asked to', async () => {
    const rig = use()
    const socket = await rig.listen()
    const opened = async (options: Partial<ConnectOptions>): Promise<KernelTimer | undefined> => {
      const client = rig.connect(socket, {}, options)
      await client.until(({ happened }) => happened.includes('open'))
      return kernelTimer(client.conn)
    }
    expect(await opened({})).toMatchObject({ kind: 'none' })
    const asked = await opened({ keepAlive: { timeSeconds: 600, intervalSeconds: 30, probes: 3 } })
    expect(asked).toMatchObject({ kind: 'keepalive' })
    expect(asked?.dueMs).toBeLessThanOrEqual(600_000)
    expect(await opened({ keepAlive: {} })).toMatchObject({ kind: 'keepalive' })
  })

  test('bytes given to write may be overwritten when it returns', async () => {
    const rig = use()
    const socket = await rig.listen({ onData: (conn) => conn.pause() })
    const client = rig.connect(socket)
    await client.until(({ happened }) => happened.includes('open'))
    const sent = pattern(4 * MEGABYTE)
    for (let at = 0; at < sent.length; at += 65_536) {
      const piece = Uint8Array.from(sent.subarray(at, at + 65_536))
      client.conn?.write(piece)
      piece.fill(0)
    }
    client.conn?.end()
    const server = await rig.server()
    server.conn?.resume()
    const pump = server.until(({ conn }) => {
      conn?.resume()
      return server.bytes === sent.length
    })
    await pump
    expect(server.received.equals(sent)).toBe(true)
  })

  test('lent bytes that are passed on arrive unharmed through a slow reader, in bounded memory', async () => {
    const rig = use()
    let most = 0
    const sink = await rig.listen({
      onData: (conn) => {
        conn.pause()
        setImmediate(() => conn.resume())
      },
    })
    const onward = rig.connect(sink)
    await onward.until(({ happened }) => happened.includes('open'))
    const relay = await rig.listen({
      onData: (conn, lent) => {
        if (onward.conn?.write(lent) === 'short') {
          conn.pause()
          void onward.until(({ conn: out }) => out?.pendingBytes === 0).then(() => conn.resume())
        }
        most = Math.max(most, onward.conn?.pendingBytes ?? 0)
      },
      onEnd: () => onward.conn?.end(),
    })
    const sent = pattern(8 * MEGABYTE)
    const client = rig.connect(relay, {
      onOpen: (conn) => {
        conn.write(sent)
        conn.end()
      },
    })
    const far = await rig.server()
    await far.until(({ happened }) => happened.includes('end'))
    expect(far.received.equals(sent)).toBe(true)
    expect(most).toBeLessThan(MEGABYTE)
    expect(client.error).toBeUndefined()
  })

  test.each([
    ['a fast', 0],
    ['a slow', 1],
  ])('what is passed on to a connection arrives in order at %s reader, and every byte is told once', async (_name, slow) => {
    const rig = use()
    const sink = await rig.listen({
      onData: (conn) => {
        if (slow === 0) return
        conn.pause()
        setImmediate(() => conn.resume())
      },
    })
    const onward = rig.connect(sink, { onDrain: () => rig.accepted[1]?.conn?.resume() })
    await onward.until(({ happened }) => happened.includes('open'))
    let [read, passed, most] = [0, 0, 0]
    const relay = await rig.listen({
      onData: (conn, lent) => {
        if (read === 0 && onward.conn !== undefined) conn.passOn?.(onward.conn)
        read += lent.length
        if (onward.conn?.write(lent) === 'short') conn.pause()
      },
      onPassed: (conn, bytes, outcome) => {
        passed += bytes
        most = Math.max(most, onward.conn?.pendingBytes ?? 0)
        if (outcome === 'short') conn.pause()
      },
      onEnd: () => onward.conn?.end(),
    })
    const [small, large] = [pattern(100), pattern(8 * MEGABYTE)]
    const client = rig.connect(relay, { onOpen: (conn) => conn.write(small) })
    const far = await rig.server()
    await far.until(({ bytes }) => bytes === small.length)
    client.conn?.write(large)
    await far.until(({ bytes }) => bytes === small.length + large.length)
    client.conn?.write(small)
    client.conn?.end()
    await far.until(({ happened }) => happened.includes('end'))
    expect(far.received.equals(Buffer.concat([small, large, small]))).toBe(true)
    expect(read + passed).toBe(far.bytes)
    expect(passed > 0).toBe(rig.io.plug === 'fast')
    expect(most).toBeLessThan(MEGABYTE)
    expect([client.error, onward.error, ...rig.faults]).toEqual([undefined, undefined])
  })

  test('one to whom much is passed on may reset, and the other is told by its own end', async () => {
    const rig = use()
    const sink = await rig.listen({ onData: (conn) => conn.reset() })
    const onward = rig.connect(sink)
    await onward.until(({ happened }) => happened.includes('open'))
    const relay = await rig.listen({
      onData: (conn, lent) => {
        if (onward.conn !== undefined) conn.passOn?.(onward.conn)
        onward.conn?.write(lent)
      },
    })
    rig.connect(relay, { onOpen: (conn) => conn.write(pattern(4 * MEGABYTE)) })
    await onward.until(({ closed }) => closed)
    expect(onward.error?.code).toBe('reset')
    expect(rig.faults).toEqual([])
  })

  test('a write says short while the peer does not read, and drains when it does', async () => {
    const rig = use()
    const client = rig.connect(await rig.listen())
    await client.until(({ happened }) => happened.includes('open'))
    const server = await rig.server()
    server.conn?.pause()
    const piece = pattern(65_536)
    let sent = 0
    while (client.conn?.write(piece) === 'accepted') sent += piece.length
    sent += piece.length
    expect(client.conn?.pendingBytes).toBeGreaterThan(0)
    server.conn?.resume()
    await client.until(({ happened }) => happened.includes('drain'))
    await server.until(() => server.bytes === sent)
    expect(client.conn?.write(Buffer.from('more'))).toBe('accepted')
  })

  test('an owner that does not heed short loses the connection before memory', async () => {
    const rig = use()
    const client = rig.connect(await rig.listen())
    await client.until(({ happened }) => happened.includes('open'))
    ;(await rig.server()).conn?.pause()
    const piece = pattern(MEGABYTE)
    let writes = 0
    while (client.conn?.write(piece) !== 'closed') expect(++writes).toBeLessThan(64)
    await client.until(() => client.closed)
    expect(client.error).toMatchObject({ phase: 'open', code: 'other' })
  })

  test('several pieces arrive as one, in order; nothing is nothing', async () => {
    const rig = use()
    const client = rig.connect(await rig.listen(echo))
    await client.until(({ happened }) => happened.includes('open'))
    expect(client.conn?.write(new Uint8Array(0))).toBe('accepted')
    const large = pattern(100_000)
    client.conn?.writev([Buffer.from('a'), new Uint8Array(0), Buffer.from('bc')])
    client.conn?.writev([Buffer.from('d'), large])
    await client.until(() => client.bytes === 4 + large.length)
    expect(client.received.equals(Buffer.concat([Buffer.from('abcd'), large]))).toBe(true)
  })

  test('a server that speaks first is heard, however soon it speaks', async () => {
    const rig = use()
    // Not of the plug: what it says is there before the plug looks, so that being connected and being spoken to are one event.
    const server = net.createServer((socket) => socket.on('error', () => undefined).write('220 ready'))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as net.AddressInfo
    for (let round = 0; round < 20; round++) {
      const client = await new Promise<Recorder>((resolve) =>
        rig.io.timers.arm(1, () => resolve(rig.connect({ address: '127.0.0.1', port }))),
      )
      await client.until(() => client.bytes > 0)
      expect(client.text).toBe('220 ready')
      client.conn?.reset()
    }
    await new Promise((resolve) => server.close(resolve))
  })

  test('after FIN the other direction goes on', async () => {
    const rig = use()
    const client = rig.connect(await rig.listen({ onEnd: (conn) => void conn.write(Buffer.from('late')) }))
    await client.until(({ happened }) => happened.includes('open'))
    client.conn?.end()
    expect(client.conn?.write(Buffer.from('x'))).toBe('closed')
    await client.until(() => client.text === 'late')
    const server = await rig.server()
    server.conn?.end()
    await Promise.all([client.until(() => client.closed), server.until(() => server.closed)])
    expect([client.error, server.error]).toEqual([undefined, undefined])
  })

  test('a paused connection delivers nothing until it is resumed', async () => {
    const rig = use()
    const client = rig.connect(await rig.listen(echo), { onOpen: (conn) => void conn.write(Buffer.from('one')) })
    await client.until(() => client.text === 'one')
    const server = await rig.server()
    server.conn?.pause()
    client.conn?.write(Buffer.from('two'))
    // A whole round trip on another connection: the bytes are long there.
    const other = rig.connect(await rig.listen(echo), { onOpen: (conn) => void conn.write(Buffer.from('x')) })
    await other.until(() => other.text === 'x')
    expect(server.text).toBe('one')
    server.conn?.resume()
    await client.until(() => client.text === 'onetwo')
  })

  for (const at of [0, 1, 100, 70_000]) {
    test(`a reset after ${at} bytes is told once as a reset, and not at all to who did it`, async () => {
      const rig = use()
      const client = rig.connect(await rig.listen(), { onOpen: (conn) => void (at > 0 && conn.write(pattern(at))) })
      await client.until(({ happened }) => happened.includes('open'))
      const server = await rig.server()
      await server.until(() => server.bytes === at)
      const before = [...server.happened]
      server.conn?.reset()
      await client.until(() => client.closed)
      expect([client.closes, client.error]).toMatchObject([1, { phase: 'open', code: 'reset' }])
      expect(server.happened).toEqual(before)
      expect(server.conn?.write(Buffer.from('x'))).toBe('closed')
    })
  }

  test('close flushes what was taken, and calls nothing but onClose', async () => {
    const rig = use()
    const sent = pattern(2 * MEGABYTE)
    const client = rig.connect(await rig.listen())
    await client.until(({ happened }) => happened.includes('open'))
    client.conn?.write(sent)
    client.conn?.close()
    expect(client.conn?.write(sent)).toBe('closed')
    const server = await rig.server()
    await server.until(({ happened }) => happened.includes('end'))
    expect(server.received.equals(sent)).toBe(true)
    server.conn?.end()
    await client.until(() => client.closed)
    expect(client.happened).toEqual(['open', 'close'])
  })

  test('close gives up on a peer that never reads, who then sees a reset and no end', async () => {
    const rig = use()
    const client = rig.connect(await rig.listen())
    await client.until(({ happened }) => happened.includes('open'))
    const server = await rig.server()
    server.conn?.pause()
    client.conn?.write(pattern(8 * MEGABYTE))
    client.conn?.close()
    await client.until(() => client.closed)
    expect(client.closes).toBe(1)
    server.conn?.resume()
    await server.until(() => server.closed)
    expect([server.happened.includes('end'), server.error?.code]).toEqual([false, 'reset'])
  })

  test('close waits for a peer that reads slowly for as long as it reads', async () => {
    const rig = use()
    const slowly = (conn: Conn): void => {
      conn.pause()
      rig.io.timers.arm(1, () => conn.resume())
    }
    const client = rig.connect(await rig.listen({ onData: slowly, onEnd: (conn) => conn.end() }))
    await client.until(({ happened }) => happened.includes('open'))
    const sent = pattern(12 * MEGABYTE)
    client.conn?.write(sent)
    client.conn?.close()
    const server = await rig.server()
    await server.until(() => server.closed || server.happened.includes('end'))
    expect([server.error, server.bytes]).toEqual([undefined, sent.length])
  })

  test('a port where nobody listens refuses, later and once', async () => {
    const rig = use()
    const gone = await rig.listen()
    await gone.close()
    const client = rig.connect(gone)
    expect(client.happened).toEqual([])
    await client.until(() => client.closed)
    expect([client.closes, client.error]).toMatchObject([1, { phase: 'connect', code: 'refused' }])
  })

  test('a name is no address', async () => {
    const rig = use()
    const client = rig.connect({ address: 'localhost', port: 80 })
    await client.until(() => client.closed)
    expect(client.error).toMatchObject({ phase: 'connect', code: 'other' })
  })

  test('a taken port and a foreign address are told by name', async () => {
    const rig = use()
    const { port } = await rig.listen()
    const taken = await rig.listen({}, { port }).catch((error: unknown) => error)
    const foreign = await rig.listen({}, { address: '192.0.2.1' }).catch((error: unknown) => error)
    expect(taken).toBeInstanceOf(ListenError)
    expect(taken).toMatchObject({ code: 'in-use', message: expect.stringContaining(`127.0.0.1:${port}`) })
    expect(foreign).toMatchObject({ code: 'no-address' })
  })

  test.runIf(process.platform === 'linux')('sockets that share a port are dealt its connections, and no other may join them', async () => {
    const rig = use()
    const shared = { reusePort: true }
    const { port } = await rig.listen({}, shared)
    let second = 0
    const other = await rig.listen(
      {},
      {
        ...shared,
        port,
        onConn: () => {
          second++
          return undefined
        },
      },
    )
    await expect(rig.listen({}, { port })).rejects.toMatchObject({ code: 'in-use' })
    for (let tries = 0; second === 0 && tries < 200; tries++) {
      const client = rig.connect({ address: '127.0.0.1', port })
      await client.until(({ happened }) => happened.includes('open') || client.closed)
    }
    expect(second).toBeGreaterThan(0)
    await other.close()
    const before = rig.accepted.length
    const client = rig.connect({ address: '127.0.0.1', port })
    await client.until(({ happened }) => happened.includes('open'))
    await rig.server(before)
  })

  test('a closed listener accepts nobody and keeps who is there; its port is free again', async () => {
    const rig = use()
    const socket = await rig.listen(echo)
    const client = rig.connect(socket)
    await client.until(({ happened }) => happened.includes('open'))
    await rig.server()
    await socket.close()
    client.conn?.write(Buffer.from('still here'))
    await client.until(() => client.text === 'still here')
    const again = await rig.listen({}, { port: socket.port })
    expect(again.port).toBe(socket.port)
  })

  test('more connections than allowed are closed at the door, and counted', async () => {
    const rig = use()
    const socket = await rig.listen({}, { maxConnections: 1 })
    const first = rig.connect(socket)
    await rig.server()
    const second = rig.connect(socket)
    await second.until(({ closed, happened }) => closed || happened.includes('end'))
    await rig.turnedAway(1)
    expect([rig.accepted.length, first.closed]).toEqual([1, false])
  })

  test('a connection without a handler is refused', async () => {
    const rig = use()
    const client = rig.connect(await rig.listen({}, { onConn: () => undefined }))
    await client.until(() => client.closed)
    expect(client.closes).toBe(1)
  })

  for (const hook of ['onOpen', 'onData', 'onEnd', 'onClose'] as const) {
    test(`what ${hook} throws ends that connection and nothing else`, async () => {
      const rig = use()
      const socket = await rig.listen(echo)
      const boom = new Error('boom')
      const client = rig.connect(socket, {
        onOpen: (conn) => void conn.write(Buffer.from('x')),
        onData: (conn) => conn.end(),
        [hook]: () => {
          throw boom
        },
      })
      await client.until(() => client.closed)
      expect([client.closes, rig.faults]).toEqual([1, [boom]])
      const next = rig.connect(socket, { onOpen: (conn) => void conn.write(Buffer.from('y')) })
      await next.until(() => next.text === 'y')
    })
  }
}
