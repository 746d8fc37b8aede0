import * as net from 'node:net'
import type { Conn, TlsContext } from '@mesh/io'
import { fastIo } from '@mesh/io/fast'
import { portableIo } from '@mesh/io/portable'
import { afterEach, expect, test } from 'vitest'
import { throwawayPki } from '../../throwaway-pki.ts'
import { pattern, Rig } from '../rig.ts'

const pki = await throwawayPki()
const material = await pki.issue('spiffe://cluster.local/ns/default/sa/any')
const sent = pattern(6000)
const closing: (() => unknown)[] = []

afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

/** Passes bytes on between two ends until so many have gone one way; then both are reset. */
function cutAfter(bytes: number, way: 'to-server' | 'to-client', port: number): Promise<{ readonly port: number }> {
  const relay = net.createServer((client) => {
    const server = net.connect(port, '127.0.0.1')
    let left = bytes
    const cut = (): void => {
      client.resetAndDestroy()
      server.resetAndDestroy()
    }
    const pass = (from: net.Socket, to: net.Socket, counted: boolean): void => {
      from.on('data', (chunk: Buffer) => {
        const part = counted ? chunk.subarray(0, left) : chunk
        if (counted) left -= part.length
        to.write(part, () => (counted && left === 0 ? cut() : undefined))
      })
      from.on('end', () => to.end())
      from.on('error', () => to.destroy())
    }
    pass(client, server, way === 'to-server')
    pass(server, client, way === 'to-client')
  })
  closing.push(() => new Promise((resolve) => relay.close(resolve)))
  return new Promise((resolve) => relay.listen(0, '127.0.0.1', () => resolve(relay.address() as net.AddressInfo)))
}

const server = (context: TlsContext) => ({
  onData: (conn: Conn, lent: Uint8Array): void => {
    if (conn.tls !== undefined) conn.write(lent)
    else conn.startTls({ context, alpn: ['istio'], requireClientCert: true, judge: () => undefined, handshakeTimeoutMs: 10_000 }, lent)
  },
  onEnd: (conn: Conn): void => conn.end(),
})

/** Odd, so that over time every byte of a record's head and of its body is the last one. */
const STEP = 97
const LONGEST = 8000

test.each([
  ['portable', 'to-server'],
  ['portable', 'to-client'],
  ['fast', 'to-server'],
  ['fast', 'to-client'],
] as const)(
  '%s: whoever vanishes after any byte %s of mutual TLS is told to the other once, as an error or an end, never as more',
  async (plug, way) => {
    const rig = new Rig((options) => (plug === 'fast' ? fastIo(options) : portableIo(options)))
    closing.push(() => rig.close())
    const context = rig.io.tlsContext(material)
    const socket = await rig.listen(server(context))
    const tls = { context, alpn: ['istio'], sni: '', verify: 'judge', judge: () => undefined, handshakeTimeoutMs: 10_000 } as const
    for (let bytes = 1; bytes < LONGEST; bytes += STEP) {
      const { port } = await cutAfter(bytes, way, socket.port)
      const client = rig.connect({ address: '127.0.0.1', port }, { onOpen: (conn) => void conn.write(sent) }, { tls })
      await client.until(() => client.closed || client.bytes === sent.length)
      expect(client.closes).toBeLessThanOrEqual(1)
      expect(sent.subarray(0, client.bytes).equals(client.received)).toBe(true)
      client.conn?.reset()
    }
    expect(rig.faults).toEqual([])
  },
)
