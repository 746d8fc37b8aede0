import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { connectionRoom } from './open-files.ts'
import { open, upstream } from './testdata/open.ts'
import { rawClient } from './testdata/raw-client.ts'

test('half of the files that the process may open are for clients', () => {
  const limits = (soft: string): string => `Limit Soft Limit Hard Limit Units\nMax open files            ${soft}  4096  files\n`
  expect(connectionRoom(limits('1024'))).toBe(496)
  expect(connectionRoom(limits('20'))).toBe(1)
  expect(connectionRoom(limits('unlimited'))).toBeUndefined()
  expect(connectionRoom('')).toBeUndefined()
})

const MAIN = fileURLToPath(new URL('testdata/few-files-main.ts', import.meta.url))

test.runIf(process.platform === 'linux')(
  'clients that take all connections there are leave those served who came first, and go without a fault',
  async () => {
    const server = await upstream((_request, response) => response.end('served'))
    const command = `ulimit -n 100; exec "$0" --conditions=@mesh/source "$@"`
    const child = spawn('/bin/sh', ['-c', command, process.execPath, MAIN, String(server.port)], { stdio: ['pipe', 'pipe', 'inherit'] })
    open.push({ close: () => child.kill('SIGKILL') })
    let told = ''
    child.stdout.on('data', (chunk: Buffer) => (told += chunk.toString()))
    while (!told.includes('\n')) await new Promise((resolve) => setImmediate(resolve))
    const port = Number(told.slice(0, told.indexOf('\n')))
    const first = await rawClient(port)
    const others = await Promise.all(Array.from({ length: 200 }, () => rawClient(port).catch(() => undefined)))
    open.push(...[first, ...others].flatMap((client) => (client === undefined ? [] : [{ close: () => client.destroy() }])))
    await Promise.all(others.slice(100).map((client) => client?.closed()))
    first.send('GET / HTTP/1.1\r\nhost: a\r\n\r\n')
    expect(await first.until(/\r\n\r\n.+$/)).toMatch(/^HTTP\/1\.1 200 OK\r\n.*served$/s)
    const ended = new Promise((resolve) => child.once('close', resolve))
    child.stdin.end()
    await ended
    const { downstreamActive, downstreamRefused, faults } = JSON.parse(told.slice(told.indexOf('\n'))) as Record<string, number>
    expect(downstreamActive).toBeLessThanOrEqual(34)
    expect([(downstreamRefused ?? 0) > 0, faults]).toEqual([true, 0])
  },
  60_000,
)
