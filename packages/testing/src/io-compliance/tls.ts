import type { ClientTls, Conn, PeerJudge, ServerTls, TlsContext } from '@mesh/io'
import { beforeAll, expect, test } from 'vitest'
import { throwawayPki, uriNames, type ThrowawayPki } from '../throwaway-pki.ts'
import { NAMED } from './named-server.ts'
import type { Recorder, RecorderHooks } from './recorder.ts'
import { pattern, type Rig } from './rig.ts'

const SERVER_ID = 'spiffe://cluster.local/ns/default/sa/server'
const CLIENT_ID = 'spiffe://cluster.local/ns/default/sa/client'

/** TLS both ways: who is let in, who is not, and that nothing is read before that is known. */
export function tlsCompliance(use: () => Rig): void {
  let pki: ThrowawayPki
  let foreign: ThrowawayPki

  beforeAll(async () => {
    pki = await throwawayPki('ours')
    foreign = await throwawayPki('theirs')
  })

  const contextOf = async (of: ThrowawayPki, id: string, ttlMs?: number): Promise<TlsContext> =>
    use().io.tlsContext(await of.issue(id, ttlMs))
  const only =
    (id: string): PeerJudge =>
    ([leaf]) =>
      leaf !== undefined && uriNames(leaf).includes(id) ? undefined : `The peer is not ${id}.`

  const serverTls = async (change: Partial<ServerTls> = {}): Promise<ServerTls> => ({
    context: await contextOf(pki, SERVER_ID),
    alpn: ['istio', 'http/1.1'],
    requireClientCert: true,
    judge: only(CLIENT_ID),
    handshakeTimeoutMs: 10_000,
    ...change,
  })
  const clientTls = async (change: Partial<ClientTls> = {}): Promise<ClientTls> => ({
    context: await contextOf(pki, CLIENT_ID),
    alpn: ['istio'],
    sni: 'outbound_.9080_._.server.default.svc.cluster.local',
    verify: 'judge',
    judge: only(SERVER_ID),
    handshakeTimeoutMs: 10_000,
    ...change,
  })

  /** A server that starts TLS when it has seen `after` bytes; a client with `client`. */
  const pair = async (options: {
    server: ServerTls
    client?: ClientTls
    after?: number
    hooks?: RecorderHooks
    clientHooks?: RecorderHooks
  }): Promise<Recorder> => {
    const rig = use()
    const socket = await rig.listen(tlsServer(options.server, options.after ?? 1, options.hooks))
    return rig.connect(socket, options.clientHooks ?? {}, options.client === undefined ? {} : { tls: options.client })
  }

  test('two workloads know each other by certificate, name and protocol', async () => {
    const client = await pair({ server: await serverTls(), client: await clientTls() })
    const server = await use().server()
    await Promise.all([
      client.until(({ happened }) => happened.includes('open')),
      server.until(({ happened }) => happened.includes('open')),
    ])
    const sessions = [client.conn?.tls, server.conn?.tls]
    expect(sessions).toMatchObject([
      { alpn: 'istio', version: 'TLSv1.3' },
      { alpn: 'istio', version: 'TLSv1.3', sni: 'outbound_.9080_._.server.default.svc.cluster.local' },
    ])
    expect(sessions.map((session) => uriNames(session?.peerChain[0] ?? new Uint8Array()))).toEqual([[SERVER_ID], [CLIENT_ID]])
  })

  test('bytes flow both ways over TLS, through a slow reader, with a half-close behind them', async () => {
    const sent = pattern(3_000_000)
    const client = await pair({
      server: await serverTls(),
      client: await clientTls(),
      hooks: { onData: echoSlowly, onEnd: (conn) => conn.end() },
      clientHooks: {
        onOpen: (conn) => {
          conn.write(sent)
          conn.end()
        },
      },
    })
    await client.until(() => client.closed)
    expect([client.error, client.received.equals(sent)]).toEqual([undefined, true])
  })

  test('TLS starts however many bytes were read before', async () => {
    for (const after of [2, 100, 5]) {
      const client = await pair({
        server: await serverTls(),
        client: await clientTls(),
        after,
        clientHooks: { onOpen: (conn) => void conn.write(Buffer.from('x')) },
      })
      const server = await use().server(use().accepted.length)
      await server.until(() => server.text.endsWith('x') && server.happened.includes('open'))
      expect(server.bytes).toBeGreaterThan(after)
      client.conn?.close()
    }
  })

  const refused: [string, () => Promise<{ server?: Partial<ServerTls>; client?: Partial<ClientTls> }>][] = [
    [
      'a client without a certificate',
      async () => ({ client: { context: use().io.tlsContext({ certChainPem: '', privateKeyPem: '', rootsPem: pki.rootPem }) } }),
    ],
    [
      'a client of a foreign root',
      async () => ({ client: { context: use().io.tlsContext({ ...(await foreign.issue(CLIENT_ID)), rootsPem: pki.rootPem }) } }),
    ],
    ['a client whose certificate has expired', async () => ({ client: { context: await contextOf(pki, CLIENT_ID, -1000) } })],
    ['a client whom the judge refuses', async () => ({ server: { judge: () => 'Not you.' } })],
    [
      'a client whom the judge fails to judge',
      async () => ({
        server: {
          judge: () => {
            throw new Error('judge')
          },
        },
      }),
    ],
  ]
  for (const [who, change] of refused) {
    test(`${who} is refused before any of its bytes is heard`, async () => {
      const { server: serverChange = {}, client: clientChange = {} } = await change()
      const client = await pair({
        server: await serverTls(serverChange),
        client: await clientTls(clientChange),
        clientHooks: { onOpen: (conn) => void conn.write(Buffer.from('let me in')) },
      })
      const server = await use().server()
      await Promise.all([server.until(() => server.closed), client.until(isOver)])
      expect(server.error).toMatchObject({ phase: 'tls', code: 'verify' })
      expect(server.happened).not.toContain('open')
      expect(server.text).not.toContain('let me in')
    })
  }

  const distrusted: [string, () => Promise<{ server?: Partial<ServerTls>; client?: Partial<ClientTls> }>][] = [
    [
      'of a foreign root',
      async () => ({ server: { context: use().io.tlsContext({ ...(await foreign.issue(SERVER_ID)), rootsPem: pki.rootPem }) } }),
    ],
    ['that is another workload', async () => ({ client: { judge: only('spiffe://cluster.local/ns/default/sa/other') } })],
    ['that nobody judges', async () => ({ client: { judge: undefined as unknown as PeerJudge } })],
    ['without the asked host name', async () => ({ client: { verify: 'hostname', sni: 'server.example' } })],
  ]
  for (const [which, change] of distrusted) {
    test(`a server ${which} gets no byte of the client`, async () => {
      const { server: serverChange = {}, client: clientChange = {} } = await change()
      const client = await pair({
        server: await serverTls({ ...serverChange, alpn: [] }),
        client: await clientTls({ ...clientChange, alpn: [] }),
        clientHooks: { onOpen: (conn) => void conn.write(Buffer.from('secret')) },
      })
      await client.until(() => client.closed)
      expect(client.error).toMatchObject({ phase: 'tls', code: 'verify' })
      expect(client.happened).toEqual(['close'])
    })
  }

  test('a server of the web is known by its host name', async () => {
    const { certChainPem, privateKeyPem, rootsPem, name } = NAMED
    const server = await serverTls({
      context: use().io.tlsContext({ certChainPem, privateKeyPem, rootsPem }),
      requireClientCert: false,
      judge: () => undefined,
    })
    const context = use().io.tlsContext({ certChainPem: '', privateKeyPem: '', rootsPem })
    const right = await pair({ server, client: await clientTls({ context, verify: 'hostname', sni: name, alpn: [] }) })
    await right.until(({ happened }) => happened.includes('open'))
    const wrong = await pair({ server, client: await clientTls({ context, verify: 'hostname', sni: 'other.example', alpn: [] }) })
    await wrong.until(() => wrong.closed)
    expect(wrong.error).toMatchObject({ phase: 'tls', code: 'verify' })
    const careless = await pair({ server, client: await clientTls({ context: undefined, verify: 'none', sni: 'other.example', alpn: [] }) })
    await careless.until(({ happened }) => happened.includes('open'))
    const system = await pair({ server, client: await clientTls({ context: undefined, verify: 'hostname', sni: name, alpn: [] }) })
    await system.until(() => system.closed)
    expect(system.error).toMatchObject({ phase: 'tls', code: 'verify' })
  })

  test('plain text where TLS is spoken fails as TLS', async () => {
    const client = await pair({
      server: await serverTls(),
      clientHooks: { onOpen: (conn) => void conn.write(Buffer.from('GET / HTTP/1.1\r\n\r\n')) },
    })
    const server = await use().server()
    await Promise.all([server.until(() => server.closed), client.until(isOver)])
    expect(server.error).toMatchObject({ phase: 'tls', code: 'tls' })
  })

  test('a client that leaves in the middle of the handshake is a failed handshake', async () => {
    const client = await pair({ server: await serverTls(), clientHooks: { onOpen: (conn) => void conn.write(Uint8Array.of(22, 3, 1, 2)) } })
    const server = await use().server()
    await server.until(() => server.bytes > 0)
    client.conn?.reset()
    await server.until(() => server.closed)
    expect(server.error?.phase).toBe('tls')
  })

  test('handshakes that stand still are given up on both sides', async () => {
    const rig = use()
    const silent = rig.connect(await rig.listen(), {}, { tls: await clientTls({ handshakeTimeoutMs: 20 }) })
    await silent.until(() => silent.closed)
    expect(silent.error).toMatchObject({ phase: 'tls', code: 'timeout' })
    const socket = await rig.listen(tlsServer(await serverTls({ handshakeTimeoutMs: 20 }), 1))
    rig.connect(socket, { onOpen: (conn) => void conn.write(Uint8Array.of(22, 3, 1)) })
    const server = await rig.server(1)
    await server.until(() => server.closed)
    expect(server.error).toMatchObject({ phase: 'tls', code: 'timeout' })
  })

  test('a new certificate serves new connections; live ones keep theirs', async () => {
    const rig = use()
    let current = await serverTls()
    const socket = await rig.listen({
      onData: (conn, lent) => {
        if (conn.tls === undefined) conn.startTls(current, lent)
        else conn.write(lent)
      },
    })
    const old = rig.connect(socket, {}, { tls: await clientTls() })
    await old.until(({ happened }) => happened.includes('open'))
    const renewed = 'spiffe://cluster.local/ns/default/sa/renewed'
    current = await serverTls({ context: await contextOf(pki, renewed) })
    const next = rig.connect(socket, {}, { tls: await clientTls({ judge: only(renewed) }) })
    await next.until(({ happened }) => happened.includes('open'))
    old.conn?.write(Buffer.from('as before'))
    await old.until(() => old.text === 'as before')
    expect(uriNames(old.conn?.tls?.peerChain[0] ?? new Uint8Array())).toEqual([SERVER_ID])
  })

  test('a reset over TLS is a reset', async () => {
    const client = await pair({
      server: await serverTls(),
      client: await clientTls(),
      clientHooks: { onOpen: (conn) => void conn.write(Buffer.from('x')) },
    })
    const server = await use().server()
    await server.until(() => server.text.endsWith('x') && server.happened.includes('open'))
    const before = [...server.happened]
    server.conn?.reset()
    await client.until(() => client.closed)
    expect(client.error).toMatchObject({ phase: 'open', code: 'reset' })
    expect(server.happened).toEqual(before)
  })

  test('a key that is not the certificate of the chain is no context', async () => {
    const [one, other] = [await pki.issue(SERVER_ID), await pki.issue(CLIENT_ID)]
    expect(() => use().io.tlsContext({ ...one, privateKeyPem: other.privateKeyPem })).toThrow(/./)
    expect(() => use().io.tlsContext({ ...one, rootsPem: 'no pem' })).toThrow(/no certificate/)
  })
}

/** Closed, or told by FIN that it is over. */
function isOver({ closed, happened }: Recorder): boolean {
  return closed || happened.includes('end')
}

/** Gathers `after` bytes, then starts TLS with them. */
function tlsServer(tls: ServerTls, after: number, hooks: RecorderHooks = {}): RecorderHooks {
  const heads = new WeakMap<Conn, Buffer>()
  return {
    ...hooks,
    onData: (conn, lent) => {
      if (conn.tls !== undefined) return hooks.onData?.(conn, lent)
      const head = Buffer.concat([heads.get(conn) ?? Buffer.alloc(0), lent])
      heads.set(conn, head)
      if (head.length >= after) conn.startTls(tls, head)
    },
  }
}

function echoSlowly(conn: Conn, lent: Uint8Array): void {
  if (conn.write(lent) !== 'short') return
  conn.pause()
  setImmediate(() => conn.resume())
}
