import { readdirSync } from 'node:fs'
import { constants } from 'node:os'
import { ListenError, type Conn, type Io, type TlsContext, type WriteOutcome } from '@mesh/io'
import { fastIo } from '@mesh/io/fast'
import { beforeAll, describe, expect, test } from 'vitest'
import { throwawayPki } from '../../throwaway-pki.ts'
import type { Recorder } from '../recorder.ts'
import { pattern, Rig } from '../rig.ts'
import { FALLIBLE, faultySys, Injection, type Fallible } from './faulty-sys.ts'

const injection = new Injection()
const { EIO, ENOMEM, EMFILE, ECONNRESET, EPIPE, EAGAIN, EINTR } = constants.errno
const ERRORS = { EIO, ENOMEM, EMFILE, ECONNRESET, EPIPE, EAGAIN, EINTR }
/** The nth call of each name in the round below that is made to fail. */
const NTHS = [1, 2, 3, 5]
const sent = pattern(200_000)

let context: TlsContext
let io: Io
const faults: unknown[] = []

beforeAll(async () => {
  io = fastIo({ onFault: (error) => faults.push(error), closeMs: 200, through: (sys) => faultySys(sys, injection) })
  context = io.tlsContext(await (await throwawayPki()).issue('spiffe://cluster.local/ns/default/sa/any'))
  // The pipe for what is passed on stays.
  await round(false)
})

/** A call that a plug makes may be swallowed with what it was for (a FIN, an event); then the round would wait for what does not come. */
const PATIENCE_MS = 150

const server = (tls: boolean) => ({
  onData: (conn: Conn, lent: Uint8Array): void => {
    if (tls && conn.tls === undefined)
      return conn.startTls({ context, alpn: [], requireClientCert: false, judge: () => undefined, handshakeTimeoutMs: PATIENCE_MS }, lent)
    if (!tls) conn.passOn?.(conn)
    if (conn.write(lent) === 'short') conn.pause()
  },
  onPassed: (conn: Conn, _bytes: number, outcome: WriteOutcome): void => void (outcome === 'short' && conn.pause()),
  onDrain: (conn: Conn): void => conn.resume(),
  onEnd: (conn: Conn): void => conn.end(),
})

/** One listener, a client that sends a lot and reads it back, and one that leaves at once; answers everybody who took part. */
async function round(tls: boolean): Promise<readonly Recorder[]> {
  const rig = new Rig(() => io)
  const tlsOptions = { context, alpn: [], sni: 'any', verify: 'none', handshakeTimeoutMs: PATIENCE_MS } as const
  try {
    const socket = await rig.listen(server(tls))
    const client = rig.connect(
      socket,
      {
        onOpen: (conn) => {
          conn.write(sent)
          conn.end()
        },
      },
      { timeoutMs: PATIENCE_MS, ...(tls ? { tls: tlsOptions } : {}) },
    )
    rig.connect(socket, { onOpen: (conn) => conn.reset() }, { timeoutMs: PATIENCE_MS })
    await Promise.race([
      client.until(() => client.closed),
      new Promise((resolve) => io.timers.arm(PATIENCE_MS * 2, () => resolve(undefined))),
    ])
    return [client, ...rig.accepted]
  } catch (error) {
    // Not bound: the caller is told so.
    if (error instanceof ListenError) return []
    throw error
  } finally {
    await rig.close()
  }
}

describe.each([
  ['plain', false],
  ['tls', true],
] as const)('%s', (_name, tls) => {
  test.each(FALLIBLE.filter((name) => !ELSEWHERE.has(name) && !(tls && NOT_BY_TLS.has(name))))(
    'whichever call of %s fails, and however: it is told, at most once, and what comes next works',
    async (name) => {
      const before = descriptors()
      let strikes = 0
      for (const errno of Object.values(ERRORS)) {
        for (const nth of NTHS) {
          injection.arm(name, nth, errno)
          const parties = await round(tls)
          strikes += injection.happened
          injection.disarm()
          for (const { closes, error } of parties) {
            expect(closes).toBeLessThanOrEqual(1)
            expect(error?.message ?? 'none').not.toBe('')
          }
          if (injection.happened === 0) break
        }
      }
      expect(strikes).toBeGreaterThan(0)
      const [client] = await round(tls)
      expect(client?.received.equals(sent)).toBe(true)
      expect(faults).toEqual([])
      // Descriptors may be closed in a turn still to come.
      await new Promise((resolve) => setImmediate(resolve))
      expect(descriptors()).toBeLessThanOrEqual(before)
    },
  )
})

test.each(['pipe', 'setPipeSize'] as const)('where %s fails, what is passed on arrives all the same', async (name) => {
  const usual = io
  io = fastIo({ onFault: (error) => faults.push(error), closeMs: 200, through: (sys) => faultySys(sys, injection) })
  injection.arm(name, 1, EMFILE)
  const [client] = await round(false)
  expect(injection.happened).toBe(1)
  expect(client?.received.equals(sent)).toBe(true)
  io = usual
})

test('what waits in the pipe and cannot be read ends the connection, and the next one has another pipe', async () => {
  const before = descriptors()
  const rig = new Rig(() => io)
  const onward = rig.connect(await rig.listen({ onData: (conn) => conn.pause() }))
  await onward.until(({ happened }) => happened.includes('open'))
  const relay = await rig.listen({
    onData: (conn, lent) => {
      if (onward.conn !== undefined) conn.passOn?.(onward.conn)
      if (onward.conn?.write(lent) === 'short') conn.pause()
    },
    onPassed: (conn, _bytes, outcome) => void (outcome === 'short' && conn.pause()),
  })
  injection.arm('read', 1, EIO)
  // More than the kernel keeps for one that does not read.
  for (let count = 0; count < 4; count++) rig.connect(relay, { onOpen: (conn) => conn.write(pattern(8_000_000)) })
  await onward.until(({ closed }) => closed)
  expect([injection.happened, onward.error?.phase]).toEqual([1, 'open'])
  injection.disarm()
  await rig.close()
  const [client] = await round(false)
  expect(client?.received.equals(sent)).toBe(true)
  expect(faults).toEqual([])
  await new Promise((resolve) => setImmediate(resolve))
  expect(descriptors()).toBeLessThanOrEqual(before)
})

/** What TLS sends goes from OpenSSL to the socket, and nothing past it. */
const NOT_BY_TLS: ReadonlySet<Fallible> = new Set(['send', 'splice'])
/** What that round needs once at most. */
const ELSEWHERE: ReadonlySet<Fallible> = new Set(['pipe', 'setPipeSize', 'read'])

function descriptors(): number {
  return readdirSync('/proc/self/fd').length
}
