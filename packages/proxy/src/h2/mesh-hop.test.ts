import type { Signer } from '@mesh/x509'
import { beforeAll, expect, test } from 'vitest'
import { ask } from '../testdata/client.ts'
import { meshPair, type MeshPair, type PairOptions } from '../testdata/mesh-pair.ts'
import { root } from '../testdata/pki.ts'

let ca: Signer

beforeAll(async () => {
  ca = await root()
})

const pair = (options: PairOptions = {}): Promise<MeshPair> => meshPair(ca, { ...options, cluster: { protocol: 'auto', ...options.cluster } })

test('calls at once share one connection of HTTP/2, and each side records what it was spoken to in', async () => {
  const { client, server, app } = await pair()
  const answers = await Promise.all(Array.from({ length: 30 }, (_, at) => ask(client.port(), `/${at}`)))
  expect(answers.map(({ status, body }) => `${status} ${body}`)).toEqual(answers.map((_, at) => `200 app /${at}`))
  expect(server.plane.counters.downstreamConnections).toBe(1)
  expect(app.requests.length).toBe(30)
  expect((await client.recorded(30))[0]).toMatchObject({ version: 'HTTP/1.1', mutualTls: true })
  expect((await server.recorded(30))[0]).toMatchObject({ version: 'HTTP/2', mutualTls: true, peer: { workload: 'productpage-v1' } })
})
