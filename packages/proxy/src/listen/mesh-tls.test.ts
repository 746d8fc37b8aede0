import { connect as connectTls } from 'node:tls'
import type { AuthzFilter } from '@mesh/core/view'
import type { Signer } from '@mesh/x509'
import { beforeAll, describe, expect, test } from 'vitest'
import { ask } from '../testdata/client.ts'
import { ID, inboundView, meshCluster, meshPair, type MeshPair, type PairOptions } from '../testdata/mesh-pair.ts'
import { plane, upstream } from '../testdata/open.ts'
import { root, source, svid } from '../testdata/pki.ts'
import { rawClient } from '../testdata/raw-client.ts'
import { outboundView, route } from '../testdata/views.ts'

let ca: Signer

beforeAll(async () => {
  ca = await root()
})

describe.each(['http/1.1', 'auto'] as const)('between two sidecars that speak %s', (protocol) => {
  const pair = (options: PairOptions = {}): Promise<MeshPair> => meshPair(ca, { ...options, cluster: { protocol } })

  test('two sidecars speak mutual TLS, and both know whom they spoke to', async () => {
    const { client, server, ask: call } = await pair()
    expect(await call('/reviews')).toMatchObject({ status: 200, body: 'app /reviews' })
    expect((await client.recorded(1))[0]).toMatchObject({
      reporter: 'source',
      mutualTls: true,
      peer: { workload: 'reviews-v1', principal: ID.reviews },
      self: { principal: ID.productpage },
    })
    expect((await server.recorded(1))[0]).toMatchObject({
      reporter: 'destination',
      mutualTls: true,
      peer: { workload: 'productpage-v1', principal: ID.productpage },
    })
  })

  test('a server with another account is refused, before a byte of the request leaves', async () => {
    const { client, server, ask: call } = await pair({ sans: ['spiffe://cluster.local/ns/default/sa/ratings'] })
    expect((await call()).status).toBe(503)
    expect((await client.recorded(1))[0]).toMatchObject({ flags: ['UF'], transportFailure: expect.stringContaining(ID.reviews) })
    expect(server.records).toEqual([])
  })

  test('a cluster that names nobody is spoken to by nobody', async () => {
    const { ask: call } = await pair({ sans: [] })
    expect((await call()).status).toBe(503)
  })

  test('a caller of a foreign root or a foreign trust domain gets nowhere', async () => {
    const foreign = await pair({ clientRoot: await root('foreign') })
    expect((await foreign.ask()).status).toBe(503)
    expect(foreign.server.records).toEqual([])
    const abroad = await pair({ clientId: 'spiffe://elsewhere.example/ns/default/sa/productpage' })
    expect((await abroad.ask()).status).toBe(503)
    expect(abroad.server.records).toEqual([])
  })

  test('STRICT resets plain text; PERMISSIVE takes both on one port', async () => {
    const strict = await pair()
    const refused = await rawClient(strict.server.port('inbound'))
    refused.send('GET / HTTP/1.1\r\nhost: reviews\r\n\r\n')
    expect((await refused.closed()).text).toBe('')
    const both = await pair({ side: { mode: 'PERMISSIVE' } })
    expect((await ask(both.server.port('inbound'), '/plain')).body).toBe('app /plain')
    expect((await both.ask('/mesh')).body).toBe('app /mesh')
    expect((await both.server.recorded(2)).map(({ mutualTls, peer }) => [mutualTls, peer?.workload])).toEqual([
      [false, undefined],
      [true, 'productpage-v1'],
    ])
  })

  test('STRICT refuses TLS without a client certificate', async () => {
    const { server } = await pair()
    const outcome = await new Promise<string>((resolve) => {
      const socket = connectTls({ host: '127.0.0.1', port: server.port('inbound'), ALPNProtocols: ['istio'], rejectUnauthorized: false })
      socket.on('secureConnect', () => socket.write('GET / HTTP/1.1\r\nhost: reviews\r\n\r\n'))
      socket.on('data', (data) => resolve(data.toString()))
      socket.on('error', () => resolve('refused'))
      socket.on('close', () => resolve('refused'))
    })
    expect(outcome).toBe('refused')
    expect(server.records).toEqual([])
  })

  test('policies see the verified principal', async () => {
    const denies = (id: string): AuthzFilter => ({
      action: 'DENY',
      policies: [
        {
          name: 'ns[default]-policy[p]-rule[0]',
          permissions: [{ kind: 'any' }],
          principals: [{ kind: 'authenticated', id: { kind: 'exact', value: id } }],
        },
      ],
    })
    const denied = await pair({ side: { mode: 'STRICT', authz: [denies(ID.productpage)] } })
    expect(await denied.ask()).toMatchObject({ status: 403, body: expect.stringMatching(/^RBAC: access denied \(id [\w-]{36}\)$/) })
    expect((await denied.server.recorded(1))[0]?.details).toContain('ns[default]-policy[p]-rule[0]')
    const other = await pair({ side: { mode: 'STRICT', authz: [denies(ID.reviews)] } })
    expect((await other.ask()).status).toBe(200)
  })

  test('a renewed SVID leaves connections alone; new roots end those made under the old ones', async () => {
    const { client, server, ask: call } = await pair()
    expect((await call()).status).toBe(200)
    const opened = server.plane.counters.downstreamConnections
    ;(client.source as ReturnType<typeof source>).replace(await svid(ca, ID.productpage))
    ;(server.source as ReturnType<typeof source>).replace(await svid(ca, ID.reviews))
    expect((await call()).status).toBe(200)
    expect(server.plane.counters.downstreamConnections).toBe(opened)
    const next = await root('next')
    ;(server.source as ReturnType<typeof source>).replace(await svid(next, ID.reviews, [next]))
    ;(client.source as ReturnType<typeof source>).replace(await svid(next, ID.productpage, [next, ca]))
    expect((await call()).status).toBe(200)
    expect(server.plane.counters.downstreamConnections).toBeGreaterThan(opened)
    expect(server.plane.counters.revokedConnections).toBe(1)
  })

  test('a change to STRICT ends plain connections that were accepted before', async () => {
    const { server } = await pair({ side: { mode: 'PERMISSIVE' } })
    const app = await upstream((_request, response) => response.end('x'))
    const client = await rawClient(server.port('inbound'))
    client.send('GET / HTTP/1.1\r\nhost: reviews\r\n\r\n')
    await client.until(/app \/$/)
    await server.plane.apply(inboundView(app.port, { mode: 'STRICT' }))
    expect((await client.closed()).reset).toBe(false)
  })

  test('without an SVID a mesh listener takes nobody, and a mesh cluster sends nothing', async () => {
    const app = await upstream((_request, response) => response.end('x'))
    const server = await plane(inboundView(app.port, { mode: 'STRICT' }), { source: source(undefined), self: { identity: true } })
    const client = await plane(outboundView([route('reviews')], [meshCluster(server.port('inbound'))]), {
      source: source(undefined),
      self: { identity: true },
    })
    expect((await ask(client.port(), '/')).status).toBe(503)
    expect(server.plane.counters.downstreamConnections).toBe(0)
  })
})
