import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { askSupervisor } from './control/client.ts'
import type { MeshStatus } from './control/status.ts'
import { isFree } from './ports.ts'
import { accepts, get, until } from './ready.ts'
import type { RunFile } from './run-file.ts'
import { up } from './up.ts'

const TESTDATA = join(import.meta.dirname, 'testdata')

let dir: string
const running: (() => Promise<unknown>)[] = []

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'mesh-up-'))
  cpSync(join(TESTDATA, 'mesh'), dir, { recursive: true })
})

afterEach(async () => {
  await Promise.all(running.splice(0).map((stop) => stop()))
  rmSync(dir, { recursive: true })
})

interface Running {
  readonly said: string[]
  readonly code: Promise<number>
  stop(): Promise<number>
}

function start(options: { ca?: boolean; telemetry?: boolean } = {}): Running {
  const stop = new AbortController()
  const said: string[] = []
  const code = up({
    path: dir,
    ca: options.ca ?? true,
    telemetry: options.telemetry ?? true,
    appsDir: new URL('./testdata/apps/', import.meta.url),
    meshctl: 'meshctl',
    env: { ...process.env, MESH_RUNTIME_DIR: join(dir, 'runtime') },
    cwd: dir,
    say: (line) => said.push(line),
    complain: (line) => said.push(line),
    signal: stop.signal,
  })
  const mesh = {
    said,
    code,
    stop: () => {
      stop.abort()
      return code
    },
  }
  running.push(mesh.stop)
  return mesh
}

const runOf = (): RunFile => JSON.parse(readFileSync(join(dir, '.mesh/run.json'), 'utf8')) as RunFile

async function fact(holds: () => Promise<boolean> | boolean): Promise<void> {
  const held = await until(async () => {
    try {
      return await holds()
    } catch {
      return false
    }
  }, AbortSignal.timeout(15_000))
  expect(held).toBe(true)
}

const ready = (): Promise<void> => fact(() => runOf().state === 'ready')

const alive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

test('all processes run, each at its own address, and the person is told where', async () => {
  const mesh = start()
  await ready()
  const run = runOf()
  const replicas = run.workloads.filter((one) => one.workload === 'web')
  expect(new Set(run.workloads.map((one) => one.address)).size).toBe(run.workloads.length)
  for (const { name, app } of replicas) expect(await get(`http://127.0.0.1:${app?.port}/`)).toBe(name)
  for (const { proxy } of replicas) expect(await get(`${proxy?.health}/healthz/ready`)).toBe('ok')
  expect(await get(`http://${run.workloads.find((one) => one.name === 'outside-0')?.address}:9443/`)).toBe('outside-0')
  expect(run.gateways).toMatchObject([{ name: 'ingress', url: expect.stringMatching(/^http:\/\/localhost:\d+$/) }])
  expect(run.ca?.pid).toBeGreaterThan(0)
  await fact(() => mesh.said.some((line) => line.includes('/hello')))
  const said = mesh.said.join('\n')
  expect(said).not.toMatch(/no mTLS/)
  expect(said).toMatch(/^ ca ok · pilot ok · 4 proxies synced \(0:\d\d\)$/m)
  expect(said).toMatch(/^ little {2}http:\/\/localhost:\d+\/hello\n config {2}config .*\n traces .*\n next {4}meshctl ps \| logs /m)
})

test('stopping ends every process, frees every port and removes run.json', async () => {
  const mesh = start()
  await ready()
  const run = runOf()
  const pids = [run.pilot.pid, run.ca?.pid, run.telemetry?.pid, ...run.workloads.flatMap((one) => [one.app?.pid, one.proxy?.pid])].filter(
    (pid) => pid !== undefined,
  )
  expect(pids.every(alive)).toBe(true)
  expect(await mesh.stop()).toBe(0)
  expect(pids.filter(alive)).toEqual([])
  expect(await isFree(run.pilot.address, 15014)).toBe(true)
  expect(() => runOf()).toThrow(/ENOENT/)
})

test('a process that is killed starts again, and its application takes no traffic meanwhile', async () => {
  const mesh = start()
  await ready()
  const victim = runOf().workloads.find((one) => one.name === 'web-0')
  const registered = (): string => readFileSync(join(dir, '.mesh/registry/web-0.yaml'), 'utf8')
  expect(registered()).not.toContain('unready')
  process.kill(Number(victim?.app?.pid), 'SIGKILL')
  await fact(() => mesh.said.some((line) => line.startsWith('web-0.app ended by SIGKILL')))
  await fact(() => {
    const again = runOf().workloads.find((one) => one.name === 'web-0')
    return again?.app?.pid !== victim?.app?.pid && alive(Number(again?.app?.pid))
  })
  await fact(() => accepts('127.0.0.1', Number(victim?.app?.port)))
  await fact(() => !registered().includes('unready'))
  await fact(() => mesh.said.some((line) => /^web-0\.app restarted after \d+\.\d s$/.test(line)))
})

test('pilot is started again when it is killed, and told is how many proxies are back in sync', async () => {
  const mesh = start()
  await ready()
  process.kill(runOf().pilot.pid, 'SIGKILL')
  await fact(() => mesh.said.some((line) => /^pilot restarted after \d+\.\d s, 4\/4 proxies on 0123456789ab$/.test(line)))
})

test('an application that ends again and again comes back after growing pauses, with its last words', async () => {
  writeFileSync(join(dir, 'web.mjs'), "console.log('begins'); throw new TypeError('it is broken')")
  const mesh = start({ ca: false, telemetry: false })
  const ended = (): string[] => mesh.said.filter((line) => line.startsWith('web-1.app'))
  await fact(() => ended().length >= 4)
  expect(
    ended()
      .map((line) => /ended with code 1: TypeError: it is broken; again in ([\d.]+) s/.exec(line)?.[1])
      .slice(0, 4),
  ).toEqual(['0.1', '0.2', '0.4', '0.8'])
})

test('a process that ends at once does not keep the address from the screen, and is told with its reason', async () => {
  writeFileSync(join(dir, 'web.mjs'), "console.log('\\u001b[31mred'); process.exit(1)")
  const mesh = start({ ca: false, telemetry: false })
  await fact(() => mesh.said.some((line) => line.includes('Ctrl-C')))
  const log = join(dir, '.mesh/logs/web-0.app.log')
  expect(mesh.said).toContain(`Not ready: web-0.app: ended with code 1: red (${log})`)
  expect(mesh.said.some((line) => /^ little {2}http:\/\/localhost:\d+\/hello$/.test(line))).toBe(true)
  expect(mesh.said.join('')).not.toContain('\u001b')
})

test('a gateway whose port is taken is told with the reason, without its address, until it is ready', async () => {
  writeFileSync(join(dir, 'not-ready.json'), JSON.stringify({ 'ingress-0': 'http: 127.0.0.1:8080 is taken' }))
  const mesh = start({ ca: false, telemetry: false })
  await fact(() => mesh.said.some((line) => line.includes('Ctrl-C')))
  const page = /http:\/\/localhost:\d+\/hello/
  expect(mesh.said.filter((line) => line.startsWith('Not ready: '))).toEqual([
    `Not ready: ingress-0.proxy: http: 127.0.0.1:8080 is taken (${join(dir, '.mesh/logs/ingress-0.proxy.log')})`,
  ])
  expect(mesh.said.some((line) => page.test(line))).toBe(false)
  const status = (await askSupervisor(runOf().control, { do: 'status' })) as MeshStatus
  expect(status.processes.find(({ name }) => name === 'ingress-0')).toMatchObject({ ready: false, reason: 'http: 127.0.0.1:8080 is taken' })
  rmSync(join(dir, 'not-ready.json'))
  await fact(() => mesh.said.some((line) => line.startsWith('ingress-0.proxy is ready now: ') && page.test(line)))
})

test('without CA and telemetry there are no tokens in use, and one line says that there is no mTLS', async () => {
  const mesh = start({ ca: false, telemetry: false })
  await ready()
  await fact(() => mesh.said.some((line) => line.includes('Ctrl-C')))
  expect(mesh.said.filter((line) => line.includes('no mTLS'))).toHaveLength(1)
  expect([runOf().ca, runOf().telemetry, runOf().mtls]).toEqual([null, null, false])
  const settings = JSON.parse(readFileSync(join(dir, '.mesh/settings/web-0.json'), 'utf8')) as { identity: unknown }
  expect(settings.identity).toBeNull()
})

test('a mistake saved while the mesh runs is told once, and so is that it is mended', async () => {
  const mesh = start({ ca: false, telemetry: false })
  await fact(() => mesh.said.some((line) => line.includes('Ctrl-C')))
  const file = join(dir, 'config/web.yaml')
  const findings = (list: readonly object[]): void => {
    writeFileSync(join(dir, 'config/findings.next'), JSON.stringify(list))
    renameSync(join(dir, 'config/findings.next'), join(dir, 'config/findings.json'))
  }
  const told = (part: string): string[] => mesh.said.filter((line) => line.includes(part))
  const origin = { kind: 'VirtualService', namespace: 'default', name: 'web', file, line: 12, column: 9 }
  const mistake = { code: 'MESH0102', severity: 'error', origin, message: 'No field is called subst.', fix: 'Write subset.' }
  const good = { code: 'MESH0006', severity: 'warning', origin, message: 'The last good form of VirtualService web is in force.' }
  findings([mistake, good])
  const line =
    'config/web.yaml:12:9: error MESH0102 No field is called subst. Write subset. The last good form keeps serving (0123456789ab).'
  await fact(() => mesh.said.some((one) => one.startsWith(`${line} (VirtualService default/web) See`)))
  findings([mistake, good, { code: 'IST0001', severity: 'warning', origin, message: 'Another.' }])
  await fact(() => told('IST0001').length === 1)
  findings([])
  await fact(() => told('No errors are left').length === 1)
  expect(told('web.yaml:12:9')).toEqual([
    expect.stringContaining(line),
    'config/web.yaml:12:9: warning IST0001 Another. (VirtualService default/web)',
  ])
})

test('a mesh whose folder is removed runs on, says what fails, and ends in order', async () => {
  const mesh = start({ ca: false, telemetry: false })
  await ready()
  const pid = Number(runOf().workloads.find(({ name }) => name === 'web-0')?.app?.pid)
  const others = runOf().workloads.flatMap(({ app }) => (app?.pid === undefined || app.pid === pid ? [] : app.pid))
  rmSync(join(dir, '.mesh'), { recursive: true })
  process.kill(pid, 'SIGKILL')
  await fact(() => mesh.said.filter((line) => line.startsWith('web-0.app could not be started (ENOENT')).length >= 2)
  expect(mesh.said.filter((line) => line.startsWith('The registry cannot be told of web-0: ENOENT'))).toHaveLength(1)
  expect(mesh.said.filter((line) => line.startsWith('Other terminals cannot be told of the mesh: ENOENT'))).toHaveLength(1)
  expect(others.filter(alive)).toEqual(others)
  expect(await mesh.stop()).toBe(0)
  expect(others.filter(alive)).toEqual([])
})

test('a second mesh of the same folder is refused while the first runs', async () => {
  start()
  await ready()
  const second = start()
  expect(await second.code).toBe(1)
  expect(second.said[0]).toMatch(/runs already \(process \d+\)/)
})

test('secrets are for this user only', async () => {
  start()
  await ready()
  const mode = (path: string): number => statSync(join(dir, '.mesh', path)).mode & 0o777
  expect([mode('.'), mode('tokens'), mode('tokens/web-0.jwt'), mode('run.json')]).toEqual([0o700, 0o700, 0o600, 0o600])
})

test('a mistake in mesh.yaml is told with its place and the nearest spelling, and nothing starts', async () => {
  const file = join(dir, 'mesh.yaml')
  writeFileSync(file, readFileSync(file, 'utf8').replace('command: [node', 'comand: [node'))
  const mesh = start()
  expect(await mesh.code).toBe(1)
  expect(mesh.said).toEqual([expect.stringMatching(/^mesh\.yaml:10:5: error MESH0301 Unknown field `comand`\. Write `command`\. See/)])
})

test('a folder without a mesh.yaml is told with what to do', async () => {
  rmSync(join(dir, 'mesh.yaml'))
  const mesh = start()
  expect(await mesh.code).toBe(1)
  expect(mesh.said).toEqual([expect.stringContaining('has no mesh.yaml: `meshctl init` writes one')])
})
