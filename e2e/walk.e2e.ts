import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { meshctlIn, type RunFile } from './src/mesh.ts'
import { ROOT } from './src/root.ts'
import { ask } from './src/http.ts'
import { processesNaming } from './src/process.ts'
import { Terminal } from './src/terminal.ts'
import { until } from './src/wait.ts'

/** The ten minutes of docs/getting-started.md, in their order: one terminal runs the mesh, a second one asks it. */
let dir: string
let screen: Terminal
let url: string

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'mesh-walk-'))
  cpSync(join(ROOT, 'samples/bookshop'), dir, { recursive: true, filter: (from) => !from.includes('.mesh') && !from.endsWith('/applied') })
  screen = new Terminal(dir, 'up')
  await screen.until(/proxies synced/, 60_000)
  await screen.until(/next .*meshctl ps/)
  url = run().gateways[0]?.url ?? ''
})

afterAll(async () => {
  screen.type('\u0003')
  await screen.ended()
  await until('nothing of it to run', () => processesNaming(dir).length === 0)
  rmSync(dir, { recursive: true })
})

const run = (): RunFile => JSON.parse(readFileSync(join(dir, '.mesh/run.json'), 'utf8')) as RunFile

/** meshctl in the second terminal, which must succeed. */
async function told(...args: string[]): Promise<string> {
  const answer = await meshctlIn(dir, ...args)
  expect(answer, args.join(' ')).toMatchObject({ code: 0 })
  return answer.stdout
}

test('the first terminal shows how it starts, the shop, the config folder and what comes next', async () => {
  await screen.until(/ca ok · pilot ok · 10 proxies synced \(\d:\d\d\)/)
  await screen.until(/http:\/\/localhost:\d+\/productpage/)
  await screen.until(/config +config /)
  await screen.until(/meshctl ps \| logs \| explain \| apply/)
  await screen.until(/Ctrl-C stops all/)
  expect((await ask(`${url}/productpage`)).status).toBe(200)
})

test('ps finds the mesh by itself, and each proxy is in sync', async () => {
  const lines = (await told('ps')).trimEnd().split('\n')
  expect(lines).toHaveLength(11)
  expect(lines.filter((line) => line.includes('SYNCED') && !/STALE|ERROR/.test(line))).toHaveLength(10)
})

test('apply --wait says how many proxies serve it and how fast; load sees the split; explain names the line', async () => {
  cpSync(join(dir, 'networking/virtual-service-reviews-80-20.yaml'), join(dir, 'reviews-80-20.yaml'))
  expect(await told('apply', '--wait', '-f', 'reviews-80-20.yaml')).toMatch(
    /VirtualService default\/reviews created · (\d+)\/\1 proxies on [0-9a-f]{4,} in \d+\.\d s/,
  )
  const loaded = await told('load', `${url}/productpage`, '-n', '1000')
  const [, v1 = '0', v2 = '0'] = /1000 ok, 0 failed · p50 .* ms p99 .* ms · .*reviews v1 (\d+), v2 (\d+)/.exec(loaded) ?? []
  expect(Number(v1) + Number(v2), loaded).toBe(1000)
  expect(Number(v1)).toBeGreaterThan(740)
  expect(Number(v1)).toBeLessThan(860)
  const why = await told('explain', '--from', 'productpage', 'GET', 'http://reviews:9080/reviews/0')
  expect(why).toMatch(/reviews-80-20\.yaml:\d+/)
  expect(why).toMatch(/80 % outbound\|9080\|v1\|.*20 % outbound\|9080\|v2\|.*no timeout; 3 tries; mTLS .*allowed/)
})

test('a field misspelled in an editor is told with file, line, column and what to write, and the mesh keeps serving', async () => {
  const file = join(dir, 'config/applied/reviews-80-20.yaml')
  const good = readFileSync(file, 'utf8')
  writeFileSync(file, good.replace('subset: v1', 'subst: v1'))
  await screen.until(/reviews-80-20\.yaml:\d+:\d+:? .*error.* IST0106 .*subst.*subset.*keeps serving \([0-9a-f]{4,}\)/s)
  expect(await told('load', `${url}/productpage`, '-n', '50')).toContain('50 ok, 0 failed')
  writeFileSync(file, good)
  await screen.until(/mended|no errors|has gone/i)
})

test('an abort for jason: what happened, why, and the whole way of the request, by its id', async () => {
  await told('apply', '--wait', '-f', 'networking/virtual-service-reviews-test-v2.yaml')
  cpSync(join(dir, 'networking/virtual-service-ratings-test-abort.yaml'), join(dir, 'ratings-test-abort.yaml'))
  await told('apply', '--wait', '-f', 'ratings-test-abort.yaml')
  expect((await ask(`${url}/productpage`, { headers: { cookie: 'user=jason' } })).status).toBe(200)
  const seen = await told('tap', '--once', '--to', 'ratings', '--status', '500')
  const [, id = ''] = /ratings 500 · flag FI · .*ratings-test-abort\.yaml:\d+ · id (\S+) · meshctl explain \1/.exec(seen) ?? []
  expect(id, seen).not.toBe('')
  expect(await told('explain', id)).toMatch(/ratings-test-abort\.yaml:\d+/)
  expect(await told('trace', id)).toMatch(
    /gateway [\d.]+ ms › productpage [\d.]+ ms › reviews-v2 [\d.]+ ms › ratings 500 FI \(injected by ratings-test-abort\.yaml:\d+\)/,
  )
})

test('pilot is killed, and nothing is lost', async () => {
  const before = run().pilot.pid
  process.kill(before, 'SIGKILL')
  expect(await told('load', `${url}/productpage`, '-n', '1000')).toContain('1000 ok, 0 failed')
  await until('another pilot to run', () => run().pilot.pid !== before && run().pilot.pid !== 0, 30_000)
  await screen.until(/pilot .*(?:ended|killed)/)
  await until('all proxies to be in sync again', async () => {
    const { code, stdout } = await meshctlIn(dir, 'ps')
    return code === 0 && stdout.split('\n').filter((line) => line.includes('SYNCED') && !/STALE|ERROR|NOT SENT/.test(line)).length >= 9
  })
})

test('completion, x describe and pc log answer too', async () => {
  expect(await told('complete', '--', 'logs', 'rev')).toContain('reviews-v1-0')
  expect(await told('x', 'describe', 'reviews-v1')).toContain('Port 9080 HTTP')
  expect(await told('pc', 'log', 'reviews-v1:debug')).toContain('debug')
  expect(execFileSync('bash', ['-n'], { input: await told('completion', 'bash') }).length).toBe(0)
})
