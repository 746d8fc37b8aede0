import { afterEach, expect, test } from 'vitest'
import { fromBinary } from '@mesh/rpc/protobuf'
import type { Svid, SvidSource } from '@mesh/core/identity'
import { dial, serve } from '@mesh/rpc'
import { SecretSchema, type Secret } from '@mesh/rpc/gen/envoy/extensions/transport_sockets/tls/v3/secret_pb'
import { SecretDiscoveryService } from '@mesh/rpc/gen/envoy/service/secret/v3/sds_pb'
import { rethrow } from '../testdata/loopback.ts'
import { createSdsService } from './sds-service.ts'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

function svid(serial: number): Svid {
  return {
    spiffeId: 'spiffe://a/b',
    certChainPem: `chain ${serial}`,
    privateKeyPem: `key ${serial}`,
    rootsPem: `roots ${serial}`,
    notBeforeMs: serial,
    notAfterMs: serial + 1,
    renewAtMs: serial,
  }
}

function sourceOf(first: Svid): SvidSource & { renew(next: Svid): void; readonly watchers: number } {
  const watchers = new Set<(next: Svid) => void>()
  let current = first
  return {
    get current() {
      return current
    },
    get watchers() {
      return watchers.size
    },
    renew(next) {
      current = next
      for (const watcher of watchers) watcher(next)
    },
    watch(onSvid) {
      watchers.add(onSvid)
      onSvid(current)
      return () => watchers.delete(onSvid)
    },
    close: () => watchers.clear(),
  }
}

async function openStream(source: SvidSource) {
  const server = await serve({ address: '127.0.0.1', port: 0, services: [createSdsService(source)], onError: rethrow })
  const channel = dial({ address: `127.0.0.1:${server.port}` })
  cleanups.push(
    () => server.close(0),
    () => channel.close(),
  )
  const answers: { nonce: string; secrets: Secret[] }[] = []
  const waiting: ((answer: (typeof answers)[number]) => void)[] = []
  const stream = channel.stream(SecretDiscoveryService.method.streamSecrets, {
    onMessage: ({ nonce, resources }) => {
      const answer = { nonce, secrets: resources.map(({ value }) => fromBinary(SecretSchema, value)) }
      const next = waiting.shift()
      if (next === undefined) answers.push(answer)
      else next(answer)
    },
    onClose: () => {},
  })
  return {
    stream,
    answers,
    next: () =>
      new Promise<(typeof answers)[number]>((resolve) => {
        const ready = answers.shift()
        if (ready === undefined) waiting.push(resolve)
        else resolve(ready)
      }),
  }
}

test('an Envoy gets the secret that it names, again when it was renewed, and nothing for its ACK', async () => {
  const source = sourceOf(svid(1))
  const { stream, next, answers } = await openStream(source)
  stream.write({ resourceNames: ['default'] })
  const first = await next()
  expect(first.secrets).toMatchObject([
    { name: 'default', type: { case: 'tlsCertificate', value: { privateKey: { specifier: { value: 'key 1' } } } } },
  ])
  stream.write({ resourceNames: ['default'], responseNonce: first.nonce, versionInfo: '1' })
  stream.write({ resourceNames: ['default', 'ROOTCA'], responseNonce: first.nonce })
  expect((await next()).secrets.map(({ name }) => name)).toEqual(['default', 'ROOTCA'])
  source.renew(svid(2))
  expect((await next()).secrets).toMatchObject([
    { type: { value: { certificateChain: { specifier: { value: 'chain 2' } } } } },
    { type: { value: { trustedCa: { specifier: { value: 'roots 2' } } } } },
  ])
  expect(answers).toEqual([])
})

test('the public roots are there for TLS to the outside', async () => {
  const { stream, next } = await openStream(sourceOf(svid(1)))
  stream.write({ resourceNames: ['file-root:system'] })
  const { secrets } = await next()
  expect(JSON.stringify(secrets)).toContain('BEGIN CERTIFICATE')
})
