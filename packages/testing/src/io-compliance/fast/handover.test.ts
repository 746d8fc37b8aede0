import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Conn, Handover } from '@mesh/io'
import { fastIo } from '@mesh/io/fast'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Rig } from '../rig.ts'

let dir = ''
let path = ''
const rigs: Rig[] = []

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'mesh-handover-'))
  path = join(dir, 'sockets')
})

afterEach(async () => {
  await Promise.all(rigs.splice(0).map((rig) => rig.close()))
  rmSync(dir, { recursive: true, force: true })
})

const made = (): Rig => {
  const rig = new Rig((options) => fastIo(options))
  rigs.push(rig)
  return rig
}
const handoverOf = ({ io }: Rig): Handover => {
  if (io.handover === undefined) throw new Error('this plug hands nothing over')
  return io.handover
}
const saying = (text: string) => ({ onData: (conn: Conn) => void conn.write(Buffer.from(text)), onEnd: (conn: Conn) => conn.end() })

/** A caller that says one thing and hears who answers. */
async function ask(rig: Rig, port: number): Promise<string> {
  const client = rig.connect({ address: '127.0.0.1', port }, { onOpen: (conn) => void conn.write(Buffer.from('who')) })
  await client.until(() => client.bytes > 0 || client.closed)
  client.conn?.reset()
  return client.error?.message ?? client.text
}

test('a successor takes sockets over: callers are answered by one or the other, and none is refused', async () => {
  const [before, after, callers] = [made(), made(), made()]
  const problems: string[] = []
  const socket = await before.listen(saying('old'))
  const taken = Promise.withResolvers<void>()
  await handoverOf(before).offer({
    path,
    sockets: () => [{ name: 'web', descriptor: socket.descriptor ?? -1 }],
    onTaken: () => {
      void socket.close()
      taken.resolve()
    },
    onProblem: (problem) => problems.push(problem),
  })
  const heard: string[] = []
  let asking = true
  const load = (async () => {
    while (asking) heard.push(await ask(callers, socket.port))
  })()
  const inheritance = await handoverOf(after).take(path)
  expect(inheritance?.names).toEqual(['web'])
  const mine = await after.listen(saying('new'), { inherited: inheritance?.take('web') ?? -1 })
  expect(mine.port).toBe(socket.port)
  inheritance?.accept()
  await taken.promise
  const switched = heard.length
  while (heard.length < switched + 50) await new Promise((resolve) => setImmediate(resolve))
  asking = false
  await load
  expect([...new Set(heard)].toSorted()).toEqual(['new', 'old'])
  expect(new Set(heard.slice(switched + 2))).toEqual(new Set(['new']))
  expect(problems).toEqual([])
})

test('a successor that does not want them, or goes, changes nothing', async () => {
  const [before, after, callers] = [made(), made(), made()]
  const socket = await before.listen(saying('old'))
  let taken = 0
  const sockets = () => [{ name: 'web', descriptor: socket.descriptor ?? -1 }]
  await handoverOf(before).offer({ path, sockets, onTaken: () => taken++, onProblem: () => undefined })
  for (let round = 0; round < 3; round++) {
    const open = readdirSync('/proc/self/fd').length
    const inheritance = await handoverOf(after).take(path)
    if (round > 0) await (await after.listen(saying('new'), { inherited: inheritance?.take('web') ?? -1 })).close()
    inheritance?.decline()
    expect(await ask(callers, socket.port)).toBe('old')
    // Each end closes its own when it hears of the other's.
    while (readdirSync('/proc/self/fd').length > open) await new Promise((resolve) => setImmediate(resolve))
  }
  expect(taken).toBe(0)
})

test('more sockets than one message can carry are not handed on, and who offers goes on', async () => {
  const [before, after] = [made(), made()]
  const socket = await before.listen(saying('old'))
  const problems: string[] = []
  const sockets = () => Array.from({ length: 251 }, (_, index) => ({ name: `${index}`, descriptor: socket.descriptor ?? -1 }))
  await handoverOf(before).offer({ path, sockets, onTaken: () => undefined, onProblem: (problem) => problems.push(problem) })
  await expect(handoverOf(after).take(path)).rejects.toThrow(/hung up/)
  expect(problems).toEqual(['251 sockets are too many to hand on: at most 250.'])
  expect(before.faults).toEqual([])
})

test('only its user can ask, and a place where nobody offers any more is as good as none', async () => {
  const rig = made()
  expect(await handoverOf(rig).take(path)).toBeUndefined()
  const offer = await handoverOf(rig).offer({ path, sockets: () => [], onTaken: () => undefined, onProblem: () => undefined })
  expect(statSync(path).mode & 0o777).toBe(0o600)
  offer.close()
  expect(await handoverOf(made()).take(path)).toBeUndefined()
  await expect(handoverOf(rig).take('x'.repeat(101))).rejects.toThrow(/no path for a socket/)
  await expect(
    handoverOf(rig).offer({ path: join(dir, 'no/such'), sockets: () => [], onTaken: () => undefined, onProblem: () => undefined }),
  ).rejects.toThrow(/ENOENT/)
})

test('one that offers in the place of another is found at once, and the other is not', async () => {
  const [first, second, asker] = [made(), made(), made()]
  const one = await first.listen()
  const two = await second.listen()
  const nothing = { onTaken: () => undefined, onProblem: () => undefined }
  await handoverOf(first).offer({ path, sockets: () => [{ name: 'first', descriptor: one.descriptor ?? -1 }], ...nothing })
  await handoverOf(second).offer({ path, sockets: () => [{ name: 'second', descriptor: two.descriptor ?? -1 }], ...nothing })
  const inheritance = await handoverOf(asker).take(path)
  expect(inheritance?.names).toEqual(['second'])
  const mine = await asker.listen({}, { inherited: inheritance?.take('second') ?? -1 })
  expect(mine.port).toBe(two.port)
  inheritance?.decline()
})
