import { spawn } from 'node:child_process'
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { meshctl } from '../testdata/meshctl.ts'
import { noteGrowth } from '../up/log-times.ts'
import { noteRunning } from '../up/running-index.ts'
import { followLog } from './follow-log.ts'
import { chooseLogs, listLogs } from './log-files.ts'
import { readLog } from './read-log.ts'
import { lineShower } from './show-line.ts'
import { sinceTime } from './since.ts'

let dir: string
let folder: string

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'mesh-logs-'))
  folder = join(dir, '.mesh/logs')
  mkdirSync(folder, { recursive: true })
})

afterEach(() => rmSync(dir, { recursive: true }))

const T = Date.parse('2026-01-31T12:00:00Z')
const write = (name: string, ...lines: string[]): void => appendFileSync(join(folder, name), lines.map((line) => `${line}\n`).join(''))
const event = (seconds: number, fields: object): string =>
  JSON.stringify({ level: 'info', time: new Date(T + seconds * 1000).toISOString(), name: 'mesh-proxy', pid: 1, ...fields })
const owners = (choice: Parameters<typeof chooseLogs>[1]): string[] =>
  chooseLogs(listLogs(folder), choice).map(({ owner, kind }) => `${owner}/${kind}`)

/** Logs of two replicas, a gateway and pilot; the supervisor noted the time after each application's lines. */
function fill(): void {
  const sizes = new Map<string, number>()
  write('web-0.app.log', 'web-0 begins')
  noteGrowth(folder, sizes, T)
  write('web-1.app.log', 'web-1 begins')
  noteGrowth(folder, sizes, T + 2000)
  write('web-0.app.log', 'web-0 goes on', '  and on')
  noteGrowth(folder, sizes, T + 4000)
  write('web-0.proxy.log', event(1, { msg: 'view in force', listeners: 3 }), event(3, { level: 'warn', msg: 'problem', why: 'a b' }))
  write('web-0.access.log', `[${new Date(T + 3500).toISOString()}] "GET / HTTP/1.1" 200`)
  write('ingress-0.proxy.log', event(5, { msg: 'gateway' }))
  write('ingress-0.access.log')
  write('pilot.log', event(0, { msg: 'serving' }))
}

test('by a workload, a replica, with or without namespace, and a plane one means its logs', () => {
  fill()
  expect(owners({ names: [], kinds: undefined })).toEqual(['web-0/app', 'web-1/app'])
  expect(owners({ names: ['web'], kinds: undefined })).toEqual(['web-0/app', 'web-1/app'])
  expect(owners({ names: ['web-1.default', 'pilot'], kinds: undefined })).toEqual(['pilot/plane', 'web-1/app'])
  expect(owners({ names: ['ingress'], kinds: undefined })).toEqual(['ingress-0/proxy'])
  expect(owners({ names: ['web-0'], kinds: ['proxy', 'access'] })).toEqual(['web-0/access', 'web-0/proxy'])
  expect(() => owners({ names: ['wep'], kinds: undefined })).toThrow(
    'Nothing called "wep" writes logs in this mesh. It has ingress-0, pilot, web-0, web-1.',
  )
})

test('logs are one stream in order of time, plain where nobody watches', async () => {
  fill()
  const { stdout, code } = await meshctl(dir, ['logs', '--kind', 'all'])
  expect(code).toBe(0)
  expect(stdout.replaceAll(/ +\|/g, ' |').split('\n')).toEqual([
    'pilot | 12:00:00.000 info  serving',
    'web-0 | web-0 begins',
    'web-0.proxy | 12:00:01.000 info  view in force listeners=3',
    'web-1 | web-1 begins',
    'web-0.proxy | 12:00:03.000 warn  problem why="a b"',
    'web-0.access | [2026-01-31T12:00:03.500Z] "GET / HTTP/1.1" 200',
    'web-0 | web-0 goes on',
    'web-0 |   and on',
    'ingress-0.proxy | 12:00:05.000 info  gateway',
    '',
  ])
})

test('a single log is as it was written; since and tail leave out what is older', async () => {
  fill()
  expect((await meshctl(dir, ['logs', 'web-0'])).stdout).toBe('web-0 begins\nweb-0 goes on\n  and on\n')
  expect((await meshctl(dir, ['logs', 'web-0', '--tail', '1'])).stdout).toBe('  and on\n')
  expect((await meshctl(dir, ['logs', 'web', '--since', '2026-01-31T12:00:01Z', '--timestamps'])).stdout).toBe(
    [
      'web-1 | 2026-01-31T12:00:02.000Z web-1 begins',
      'web-0 | 2026-01-31T12:00:04.000Z web-0 goes on',
      'web-0 | 2026-01-31T12:00:04.000Z   and on',
      '',
    ].join('\n'),
  )
  expect((await meshctl(dir, ['logs', 'pilot', '--raw'])).stdout).toBe(`${event(0, { msg: 'serving' })}\n`)
})

test('from elsewhere the logs of the only mesh that runs are read', async () => {
  fill()
  writeFileSync(join(dir, '.mesh/run.json'), JSON.stringify({ name: 'shop', pid: process.pid }), { mode: 0o600 })
  const env = { MESH_RUNTIME_DIR: join(dir, 'runtime') }
  noteRunning(dir, '127.64', env)
  expect((await meshctl(tmpdir(), ['logs', 'web-0'], '', env)).stdout).toBe('web-0 begins\nweb-0 goes on\n  and on\n')
  expect(await meshctl(tmpdir(), ['down'], '', env)).toMatchObject({
    code: 3,
    stderr: `No mesh runs here, but elsewhere: shop in ${dir}. Go there to ask it.\n`,
  })
  const other = join(dir, 'other')
  mkdirSync(join(other, '.mesh'), { recursive: true, mode: 0o700 })
  writeFileSync(join(other, '.mesh/run.json'), JSON.stringify({ name: 'store', pid: process.pid }), { mode: 0o600 })
  noteRunning(other, '127.65', env)
  expect(await meshctl(tmpdir(), ['logs'], '', env)).toMatchObject({
    code: 3,
    stderr: expect.stringContaining(`shop in ${dir}, store in ${other}`),
  })
})

test('mistakes are told with what to write', async () => {
  fill()
  expect(await meshctl(dir, ['logs', 'nobody'])).toMatchObject({ code: 1, stderr: expect.stringContaining('It has ingress-0, pilot') })
  expect(await meshctl(dir, ['logs', '--kind', 'apps'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('app, proxy, access, plane'),
  })
  expect(await meshctl(dir, ['logs', '--since', 'soon'])).toMatchObject({ code: 2, stderr: expect.stringContaining('90s') })
  expect(await meshctl(dir, ['logs', '-f'])).toMatchObject({ code: 3, stderr: expect.stringContaining('does not run') })
  expect(await meshctl(tmpdir(), ['logs'])).toMatchObject({ code: 3 })
})

test('followed, logs go on with what comes, of new replicas too, and end with the mesh', async () => {
  fill()
  writeFileSync(join(dir, '.mesh/run.json'), JSON.stringify({ pid: process.pid }), { mode: 0o600 })
  const main = resolve(import.meta.dirname, '../../../../apps/meshctl/src/main.ts')
  const child = spawn(process.execPath, ['--conditions=@mesh/source', main, 'logs', '-f', 'web', '--tail', '1'], {
    cwd: dir,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  child.stdout.on('data', (piece: Buffer) => (text += piece.toString()))
  const ended = new Promise((resolve) => child.once('close', resolve))
  const shown = async (part: string): Promise<void> => {
    while (!text.includes(part)) await new Promise((resolve) => setTimeout(resolve, 10))
  }
  await shown('and on')
  expect(text).not.toContain('web-0 begins')
  write('web-0.app.log', 'more of web-0')
  await shown('web-0 | more of web-0\n')
  write('web-2.app.log', 'web-2 is new')
  await shown('web-2 | web-2 is new\n')
  write('web-1.app.log', 'the last words')
  rmSync(join(dir, '.mesh/run.json'))
  expect(await ended).toBe(0)
  expect(text).toContain('web-1 | the last words\n')
})

test('a log that began anew is followed from its new begin, and half a line waits for its end', () => {
  write('web-0.app.log', 'old', 'older')
  const path = join(folder, 'web-0.app.log')
  const follower = followLog(path, 4)
  expect(follower.lines()).toEqual(['older'])
  appendFileSync(path, 'half ünd')
  expect(follower.lines()).toEqual([])
  truncateSync(path)
  write('web-0.app.log', 'new')
  expect(follower.lines()).toEqual(['new'])
  rmSync(path)
  expect(follower.lines()).toEqual([])
})

test('of a long log its end is read, in whole lines', () => {
  write('web-0.app.log', ...Array.from({ length: 1000 }, (_, index) => `line ${index}`))
  const [log] = listLogs(folder)
  if (log === undefined) throw new Error('no log')
  const { lines, cut, end } = readLog(log, 100)
  expect(cut).toBe(true)
  expect(lines.map(({ text }) => text)).toEqual(Array.from({ length: lines.length }, (_, index) => `line ${1000 - lines.length + index}`))
  expect(lines.length).toBeGreaterThan(5)
  expect(readLog(log, 1e6)).toMatchObject({ cut: false, end })
})

test('each owner keeps its colour, and a line cannot play tricks with the terminal', () => {
  const show = lineShower({ prefix: true, colour: true, timestamps: false, raw: false })
  const log = (owner: string) => ({ owner, kind: 'app', path: '' }) as const
  const line = (owner: string, text: string): string => show({ log: log(owner), atMs: 0, text })
  const colourOf = (shown: string): string => shown.slice(0, shown.indexOf('m') + 1)
  expect(colourOf(line('a', 'x'))).toBe(colourOf(line('a', 'y')))
  expect(colourOf(line('a', 'x'))).not.toBe(colourOf(line('b', 'x')))
  const tricks = '\u001b[31mred\u001b[0m \u001b[2Jgone \u001b]0;title\u0007\u001b]8;;http://x\u001b\\link\u0008 \u001b[?25'
  expect(line('a', tricks)).toContain('\u001b[31mred\u001b[0m gone link ?25')
  expect(line('a', '\u001b[31mred').endsWith('red\u001b[0m')).toBe(true)
})

test('in a pipe the lines of an application are plain', () => {
  const show = lineShower({ prefix: false, colour: false, timestamps: false, raw: false })
  const log = { owner: 'a', kind: 'app', path: '' } as const
  expect(show({ log, atMs: 0, text: '\u001b[31mred\u001b[0m \u001b[2Jgone \u001b]0;title\u0007end' })).toBe('red gone end')
})

test('durations and times are understood', () => {
  expect(sinceTime('90s', T)).toBe(T - 90_000)
  expect(sinceTime('1h30m', T)).toBe(T - 5_400_000)
  expect(sinceTime('2026-01-31T12:00:00Z', 0)).toBe(T)
  expect(() => sinceTime('5 minutes', T)).toThrow('90s')
})
