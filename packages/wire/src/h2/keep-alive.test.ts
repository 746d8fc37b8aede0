import { expect, test } from 'vitest'
import { Client, exchange, Server } from './testdata/ends.ts'
import { H2KeepAlive } from './keep-alive.ts'

const made = () => new H2KeepAlive({ intervalMs: 100, timeoutMs: 30, nowMs: 1000 })

test('a PING is due each interval, and a peer that is silent behind it is given up', () => {
  const alive = made()
  expect([alive.dueAtMs, alive.step(1099), alive.step(1100)]).toEqual([1100, 'wait', 'ping'])
  expect([alive.dueAtMs, alive.step(1129), alive.step(1130)]).toEqual([1130, 'wait', 'dead'])
})

test('whatever comes behind a PING proves that the peer is there', () => {
  const alive = made()
  expect(alive.heard(1050)).toBe(false)
  expect(alive.step(1100)).toBe('ping')
  expect(alive.heard(1110)).toBe(true)
  expect([alive.dueAtMs, alive.step(1140), alive.step(1210)]).toEqual([1210, 'wait', 'ping'])
})

test('the peer answers a PING, and nothing else comes of it', () => {
  const [client, server] = [new Client(), new Server()]
  exchange(client, server)
  client.session.ping()
  expect(client.out.length).toBeGreaterThan(0)
  exchange(client, server)
  expect([client.session.fault, server.session.fault, client.session.goaway, server.session.goaway]).toEqual([
    undefined,
    undefined,
    false,
    false,
  ])
})
