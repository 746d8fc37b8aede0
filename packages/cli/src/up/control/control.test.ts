import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { askSupervisor } from './client.ts'
import { MAX_REQUEST_BYTES, MAX_SOCKET_PATH_BYTES } from './limits.ts'
import { startControl, type ControlHandler, type ControlServer } from './server.ts'
import { socketPath } from './socket-path.ts'

let root: string
let server: ControlServer | undefined

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'mesh-control-'))
})

afterEach(async () => {
  await server?.close()
  rmSync(root, { recursive: true })
})

const start = async (handle: ControlHandler): Promise<string> => {
  server = await startControl({ path: socketPath(root), root, handle })
  return server.path
}

/** What the socket answers to bytes as they are. */
const heard = (path: string, bytes: string): Promise<string> =>
  new Promise((resolve) => {
    let text = ''
    const socket = net.connect(path, () => socket.write(bytes))
    socket.on('data', (piece: Buffer) => (text += piece.toString()))
    socket.on('error', () => undefined)
    socket.once('close', () => resolve(text))
  })

test('what is going on is heard before the outcome', async () => {
  const path = await start(async (request, say) => {
    say('one')
    say('two')
    return { kind: 'done', value: request }
  })
  const said: string[] = []
  const request = { do: 'scale', name: 'web', replicas: 3 } as const
  expect(await askSupervisor(path, request, (line) => said.push(line))).toEqual(request)
  expect(said).toEqual(['one', 'two'])
})

test('a refusal fails with its reason and says no, a fault is told', async () => {
  const path = await start(async (request) => {
    if (request.do === 'down') throw new Error('a fault')
    return { kind: 'refused', reason: 'There is no web.' }
  })
  await expect(askSupervisor(path, { do: 'env', name: 'web' })).rejects.toMatchObject({ code: 1, message: 'There is no web.' })
  await expect(askSupervisor(path, { do: 'down' })).rejects.toThrow('a fault')
})

test('nobody there, and a supervisor that ends meanwhile, are told as not reached', async () => {
  await expect(askSupervisor(join(root, 'control.sock'), { do: 'status' })).rejects.toMatchObject({
    code: 3,
    message: expect.stringMatching(/ended/),
  })
  const mute = net.createServer((socket) => void socket.once('data', () => socket.destroy()))
  const path = join(root, 'mute.sock')
  await new Promise<void>((resolve) => mute.listen(path, resolve))
  await expect(askSupervisor(path, { do: 'status' })).rejects.toMatchObject({
    code: 3,
    message: expect.stringMatching(/before it had answered/),
  })
  await new Promise((resolve) => mute.close(resolve))
})

test('what is no request is refused, what is too long is cut off, and neither ends the socket', async () => {
  const path = await start(async () => ({ kind: 'done', value: 'well' }))
  expect(await heard(path, 'status\n')).toContain('no JSON')
  expect(await heard(path, '{"do":"explode"}\n')).toContain('another version')
  expect(await heard(path, '{"do":"scale","name":"web","replicas":1000000}\n')).toContain('refused')
  expect(await heard(path, 'x'.repeat(MAX_REQUEST_BYTES + 2))).toBe('')
  expect(await askSupervisor(path, { do: 'status' })).toBe('well')
})

test('an answer under way is given before the socket goes', async () => {
  let answer = (): void => undefined
  const asked = new Promise<void>((resolve) => {
    void start((_request) => {
      resolve()
      return new Promise((done) => (answer = () => done({ kind: 'done', value: 'late' })))
    }).then((path) => (outcome = askSupervisor(path, { do: 'down' })))
  })
  let outcome: Promise<unknown> | undefined
  await asked
  const closed = server?.close()
  answer()
  await closed
  expect(await outcome).toBe('late')
  expect(existsSync(join(root, 'control.sock'))).toBe(false)
})

test('a socket that a killed supervisor left is replaced', async () => {
  writeFileSync(join(root, 'control.sock'), '')
  const path = await start(async () => ({ kind: 'done', value: 'new' }))
  expect(await askSupervisor(path, { do: 'status' })).toBe('new')
})

test('a folder whose path is too long for a socket has it elsewhere, and nothing of it stays', async () => {
  const path = socketPath(`/${'long/'.repeat(30)}.mesh`)
  expect(Buffer.byteLength(path)).toBeLessThanOrEqual(MAX_SOCKET_PATH_BYTES)
  server = await startControl({ path, root, handle: async () => ({ kind: 'done', value: 1 }) })
  expect(await askSupervisor(path, { do: 'status' })).toBe(1)
  await server.close()
  server = undefined
  expect(existsSync(dirname(path))).toBe(false)
})
