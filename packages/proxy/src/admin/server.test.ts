import { request } from 'node:http'
import { afterEach, expect, test } from 'vitest'
import { json, text, type AdminRoute } from './routes.ts'
import { startAdmin, type AdminServer } from './server.ts'

let server: AdminServer
const faults: unknown[] = []
afterEach(() => server.close())

const ROUTES: readonly AdminRoute[] = [
  { method: 'GET', path: '/ready', help: 'ready', answer: () => text('LIVE') },
  { method: 'POST', path: '/logging', help: 'level', answer: ({ query }) => json({ level: query.get('level') }) },
  {
    method: 'GET',
    path: '/broken',
    help: 'throws',
    answer: () => {
      throw new Error('a bug')
    },
  },
]

async function start(hostCheck = true): Promise<void> {
  server = await startAdmin({ address: '127.0.0.1', port: 0, routes: ROUTES, hostCheck, onFault: (error) => faults.push(error) })
}

function ask(method: string, path: string, headers: Record<string, string> = {}): Promise<{ status: number | undefined; body: string }> {
  return new Promise((resolve, reject) => {
    const call = request({ host: server.address, port: server.port, method, path, headers }, (response) => {
      let body = ''
      response.on('data', (chunk) => (body += String(chunk))).on('end', () => resolve({ status: response.statusCode, body }))
    })
    call.on('error', reject).end()
  })
}

test('pages answer GET and HEAD, changes only POST', async () => {
  await start()
  expect(await ask('GET', '/ready')).toEqual({ status: 200, body: 'LIVE\n' })
  expect(await ask('HEAD', '/ready')).toEqual({ status: 200, body: '' })
  expect((await ask('GET', '/logging?level=debug')).status).toBe(405)
  expect(JSON.parse((await ask('POST', '/logging?level=debug')).body)).toEqual({ level: 'debug' })
  expect((await ask('GET', '/nothing')).status).toBe(404)
  expect((await ask('GET', '/')).body).toContain('/logging')
})

test('a page of another name or another site gets nothing', async () => {
  await start()
  expect((await ask('GET', '/ready', { host: 'evil.example' })).status).toBe(403)
  expect((await ask('GET', '/ready', { host: 'localhost:1' })).status).toBe(200)
  expect((await ask('POST', '/logging', { origin: 'http://evil.example' })).status).toBe(403)
})

test('a page that cannot be made says so, and the bug is reported', async () => {
  await start()
  expect((await ask('GET', '/broken')).status).toBe(500)
  expect(String(faults.at(-1))).toContain('a bug')
})
