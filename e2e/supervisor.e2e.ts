import { execFileSync, spawn } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ask } from './src/http.ts'
import { failures, Stream } from './src/load.ts'
import { Mesh, meshctlIn } from './src/mesh.ts'
import { ROOT, SOURCE_LINE } from './src/root.ts'
import { ownFolder, startOwnMesh } from './src/own-mesh.ts'
import { alive, processesNaming } from './src/process.ts'
import { until } from './src/wait.ts'

let mesh: Mesh

beforeAll(async () => {
  mesh = await startOwnMesh()
})

afterAll(async () => {
  await mesh?.stop()
})

const has = (program: string): boolean => {
  try {
    execFileSync('sh', ['-c', `command -v ${program}`])
    return true
  } catch {
    return false
  }
}

const meshctl = async (...args: string[]): Promise<string> => {
  const told = await mesh.meshctl(...args)
  expect(told.code, told.stdout + told.stderr).toBe(0)
  return told.stdout
}

const replicasOf = (workload: string): readonly string[] =>
  mesh
    .run()
    .workloads.filter((one) => one.workload === workload)
    .map(({ name }) => name)

/** Who answers `http://echo:8001/`, asked from the sidecar of web. */
const echo = async (path = '/'): Promise<string> => {
  const answer = await ask(`http://echo:8001${path}`, { proxy: mesh.proxy('web').outbound, agent: new http.Agent() })
  return `${answer.status} ${answer.body}`
}

/** A load from inside on what is never tried again, and one from outside, both over kept-alive connections. */
function loads(): { readonly inside: Stream; readonly outside: Stream; stop(): Promise<readonly string[]> } {
  const inside = new Stream('http://echo:8001/', { lanes: 4, method: 'POST', body: 'x'.repeat(100), proxy: mesh.proxy('web').outbound })
  const outside = new Stream(`${mesh.ingress}/`, { lanes: 2 })
  return { inside, outside, stop: async () => [...failures(await inside.stop()), ...failures(await outside.stop())] }
}

test('what init wrote runs at once: a page in one language asks a greeter in another, and a shell script calls', async () => {
  expect((await ask(`${mesh.ingress}/`)).body).toMatch(/^The greeter says: Hello from greeter-\d\n$/)
  expect(readFileSync(join(mesh.dir, 'mesh.yaml'), 'utf8')).toContain(has('python3') ? 'python3 app/greeter.py' : 'node app/greeter.mjs')
  if (!has('curl')) return
  await until('the caller to be answered', () =>
    /Hello from greeter-\d/.test(mesh.read('.mesh/logs/caller-0.app.log')) ? true : undefined,
  )
  expect(mesh.read('.mesh/logs/caller-0.app.log')).not.toMatch(/curl:/)
})

test('another terminal finds the mesh by itself, from folders below it too, and from any other while it is the only one', async () => {
  expect((await meshctlIn(tmpdir(), 'ps')).stdout).toMatch(/greeter-0\.default +SYNCED/)
  const below = join(mesh.dir, 'app')
  const ps = await meshctlIn(below, 'ps')
  expect(ps.stdout).toMatch(/greeter-1\.default +SYNCED/)
  expect((await meshctlIn(below, 'open')).stdout.trim()).toBe(`${mesh.ingress}/`)
  const status = JSON.parse((await meshctlIn(below, 'status', '-o', 'json')).stdout) as {
    processes: { name: string; ready: boolean; reason: string }[]
  }
  expect(status.processes.filter(({ ready }) => !ready)).toMatchObject([
    { name: 'by-hand-0', reason: expect.stringMatching(/nobody listens/) },
  ])
  const logs = (await meshctlIn(below, 'logs', 'echo')).stdout.trimEnd().split('\n')
  expect(logs.toSorted()).toEqual(['echo-0 | echo-0 listens', 'echo-1 | echo-1 listens'])
})

test.runIf(has('curl'))('a shell that takes up a workload calls others through the mesh, as that workload', async () => {
  const script = `eval "$(${process.execPath} ${SOURCE_LINE} ${join(ROOT, 'apps/meshctl/src/main.ts')} env caller)" && curl --silent --show-error http://echo:8001/`
  const told = execFileSync('sh', ['-c', script], { cwd: mesh.dir, encoding: 'utf8' })
  expect(told).toMatch(/^echo-\d GET \d+$/)
  await mesh.logged('echo-0', (line) => line.includes('curl')).catch(() => mesh.logged('echo-1', (line) => line.includes('curl')))
})

test('a program that somebody starts by hand takes the calls of a workload without a command', async () => {
  const variables = Object.fromEntries(
    (await meshctl('env', 'by-hand', '--shell', 'dotenv'))
      .trim()
      .split('\n')
      .map((line) => line.split(/=(.*)/s).slice(0, 2)),
  )
  const call = (): ReturnType<typeof ask> => ask('http://by-hand:8002/', { proxy: mesh.proxy('web').outbound })
  expect((await call()).status).toBe(503)
  const child = spawn(process.execPath, [join(mesh.dir, 'app/echo.mjs')], { env: { ...process.env, ...variables }, stdio: 'ignore' })
  try {
    await until('the program to be called', async () => ((await call()).body === `by-hand-0 GET ${child.pid}` ? true : undefined))
  } finally {
    child.kill('SIGKILL')
  }
  await until('it to be out of traffic', async () => ((await call()).body.includes('no healthy upstream') ? true : undefined))
})

test('what fails its probe takes no calls until it passes again, without being restarted', async () => {
  const pid = mesh.workload('echo-0').app?.pid
  const sick = join(mesh.dir, 'sick-echo-0')
  const seen = async (): Promise<ReadonlySet<string>> =>
    new Set(await Promise.all(Array.from({ length: 20 }, async () => (await echo()).slice(0, 10))))
  writeFileSync(sick, '')
  await until('echo-0 to be out', async () => ((await seen()).has('200 echo-0') ? undefined : true))
  expect(await seen()).toEqual(new Set(['200 echo-1']))
  await until('it to be told', () => mesh.output.includes('echo-0 takes no traffic: GET /healthz answers 503'))
  rmSync(sick)
  await until('echo-0 to be back', async () => (await seen()).size === 2)
  expect(mesh.workload('echo-0').app?.pid).toBe(pid)
})

test('a workload is restarted replica by replica, sidecars too, with a request never lost', async () => {
  const before = mesh.run().workloads
  const load = loads()
  expect(await meshctl('restart', 'echo')).toContain('echo-0, echo-1 restarted.')
  expect(await meshctl('restart', 'echo', '--proxy')).toContain('restarted, sidecars too.')
  expect(await meshctl('restart', 'greeter')).toContain('restarted.')
  expect(await load.stop()).toEqual([])
  expect(load.inside.outcomes.length).toBeGreaterThan(50)
  for (const name of ['echo-0', 'echo-1']) {
    const [old, now] = [before.find((one) => one.name === name), mesh.workload(name)]
    expect(now.app?.pid).not.toBe(old?.app?.pid)
    expect(now.proxy?.pid).not.toBe(old?.proxy?.pid)
  }
})

test('a lone replica restarts without a lost request, for another one stands in', async () => {
  const pid = mesh.workload('web').app?.pid
  const outside = new Stream(`${mesh.ingress}/`, { lanes: 2 })
  expect(await meshctl('restart', 'web')).toMatch(/stands in for it[^]*web-0 is back\.[^]*web-1 has ended\./)
  expect(failures(await outside.stop())).toEqual([])
  expect(mesh.workload('web').app?.pid).not.toBe(pid)
  expect(replicasOf('web')).toEqual(['web-0'])
})

test('a gateway is replaced under load: nobody outside is refused, and another process serves', async () => {
  const gateway = mesh.run().workloads.find((one) => one.app === null)?.workload ?? ''
  const before = mesh.proxy(gateway).pid
  const fresh = new Stream(`${mesh.ingress}/`, { lanes: 2, headers: { connection: 'close' } })
  const running = loads()
  const told = await meshctl('restart', gateway)
  const failed = [...(await running.stop()), ...failures(await fresh.stop())]
  expect(failed).toEqual([])
  expect(told).toContain('no connection was refused meanwhile')
  await until('the run file to name the new process', () => (mesh.proxy(gateway).pid === before ? undefined : true))
  expect((await meshctl('ps')).split('\n').filter((line) => line.includes(gateway))).toEqual([expect.stringMatching(/SYNCED/)])
})

test('a call that takes long is not cut by a restart', async () => {
  const slow = Promise.all(Array.from({ length: 4 }, () => echo('/slow')))
  expect(await meshctl('restart', 'echo')).toContain('restarted')
  expect((await slow).filter((answer) => !answer.startsWith('200 '))).toEqual([])
})

test('an application that is broken meanwhile does not replace the one that runs', async () => {
  writeFileSync(join(mesh.dir, 'broken'), '')
  const load = loads()
  try {
    const told = await mesh.meshctl('restart', 'echo')
    expect(told.code).toBe(1)
    expect(told.stderr).toMatch(/echo-0 does not get ready again: its application ended with code 1 after "Error: it is broken"/)
  } finally {
    rmSync(join(mesh.dir, 'broken'))
  }
  await until('echo-0 to be back by itself', async () =>
    (await meshctl('restart', 'echo-0')).includes('echo-0 is back') ? true : undefined,
  )
  expect(await load.stop()).toEqual([])
})

test('more replicas and fewer, under load, lose no request; names and addresses are taken up again', async () => {
  const load = loads()
  expect(await meshctl('scale', 'echo=4', 'greeter=3')).toMatch(/echo has 4 replicas, before 2\.[^]*greeter has 3 replicas, before 2\./)
  const addresses = mesh.run().workloads.map(({ address }) => address)
  expect(new Set(addresses).size).toBe(addresses.length)
  const seen = new Set<string>()
  await until('all of them to be called', async () => seen.add((await echo()).split(' ')[1] ?? '').size === 4)
  expect(await meshctl('scale', 'echo=1')).toContain('echo has 1 replica, before 4.')
  expect(replicasOf('echo')).toEqual(['echo-0'])
  expect(await echo()).toMatch(/^200 echo-0/)
  expect(await meshctl('scale', 'echo=2', 'greeter=2')).toContain('echo has 2 replicas')
  expect(await load.stop()).toEqual([])
  expect(existsSync(join(mesh.dir, '.mesh/registry/echo-3.yaml'))).toBe(false)
})

test('a restart takes up what mesh.yaml says now, and scale starts what is new in it', async () => {
  const file = join(mesh.dir, 'mesh.yaml')
  const text = readFileSync(file, 'utf8')
  writeFileSync(file, text.replace('node app/echo.mjs', 'node app/echo.mjs\n    env: { PAINT: red }'))
  await meshctl('restart', 'echo-0')
  await until('echo-0 to be red', async () => /^200 echo-0 GET \d+red$/.test(await echo()))
  writeFileSync(file, `${text}  late:\n    command: node app/echo.mjs\n    port: 8001\n    labels: { app: echo, version: v2 }\n`)
  await meshctl('scale', 'late=1')
  await until('late-0 to be called', async () => (await echo()).startsWith('200 late-0'))
  await meshctl('scale', 'late=0')
  writeFileSync(file, text.replace('port: 8001', 'port: 8009'))
  expect(await mesh.meshctl('restart', 'echo')).toMatchObject({ code: 1, stderr: expect.stringContaining('another port of echo') })
  writeFileSync(file, text.replace('replicas: 2', 'replica: 2'))
  expect(await mesh.meshctl('restart', 'echo')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/mesh\.yaml:\d+:\d+: error MESH0301 Unknown field `replica`\. Write `replicas`\./),
  })
  writeFileSync(file, text)
})

test('no replicas is a number too, and what cannot be is refused', async () => {
  await meshctl('scale', 'echo=0')
  expect((await echo()).slice(0, 3)).toBe('503')
  await meshctl('scale', 'echo=2')
  expect((await echo()).slice(0, 3)).toBe('200')
  expect(await mesh.meshctl('scale', 'ingress=2')).toMatchObject({ code: 1, stderr: expect.stringContaining('gateway') })
  expect(await mesh.meshctl('scale', 'nobody=2')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('It has ingress, web, greeter'),
  })
  expect(await mesh.meshctl('scale', 'echo')).toMatchObject({ code: 2, stderr: expect.stringContaining('NAME=COUNT') })
})

test('an application that ends again and again is started after growing pauses, and told', async () => {
  const told = (): readonly (string | undefined)[] =>
    [...mesh.output.matchAll(/echo-1\.app ended with code 3.*; again in ([\d.]+) s/g)].map(([, pause]) => pause)
  for (let ends = 1; ends <= 3; ends++) {
    const { port } = mesh.workload('echo-1').app ?? { port: 0 }
    await until('echo-1 to listen', () => ask(`http://127.0.0.1:${port}/healthz`))
    await ask(`http://127.0.0.1:${port}/die`).catch(() => undefined)
    await until('its end to be told', () => (told().length >= ends ? true : undefined))
  }
  expect(told()).toEqual(['0.1', '0.2', '0.4'])
  await until('it to be back', () => /echo-1\.app restarted after/.test(mesh.output))
})

test('pilot is restarted after kill -9, and all proxies are back in sync while traffic goes on', async () => {
  const load = loads()
  process.kill(mesh.run().pilot.pid, 'SIGKILL')
  await until('it to be told', () => /pilot restarted after [\d.]+ s, (\d+)\/\1 proxies on [0-9a-f]{12}/.test(mesh.output))
  expect(await meshctl('restart', 'pilot')).toMatch(/pilot restarted, \d+ proxies on [0-9a-f]{12}\./)
  await mesh.synced()
  expect(await load.stop()).toEqual([])
})

test('signals of users go on to the applications', async () => {
  mesh.process.kill('SIGUSR2')
  await until('an application to hear it', () => mesh.read('.mesh/logs/echo-0.app.log').includes('echo-0 got SIGUSR2'))
})

test('down ends everything in order, and nothing is left behind', async () => {
  const pids = mesh
    .run()
    .workloads.flatMap(({ app, proxy }) => [app?.pid ?? 0, proxy?.pid ?? 0])
    .filter((pid) => pid > 0)
  expect(await meshctl('down')).toContain('has stopped.')
  expect(pids.filter(alive)).toEqual([])
  await until('the supervisor to end', () => mesh.process.exitCode !== null)
  expect([mesh.process.exitCode, processesNaming(mesh.dir)]).toEqual([0, []])
  expect(mesh.read('.mesh/logs/echo-0.app.log')).toContain('echo-0 got SIGTERM')
  expect(existsSync(join(mesh.dir, '.mesh/run.json'))).toBe(false)
  expect(existsSync(join(mesh.dir, '.mesh/control.sock'))).toBe(false)
  expect((await mesh.meshctl('status')).code).toBe(3)
})

test('after kill -9 of the supervisor the next down cleans up, and the next up starts anew', async () => {
  const dir = await ownFolder()
  const first = await Mesh.startIn(dir)
  const pids = first
    .run()
    .workloads.flatMap(({ app, proxy }) => [app?.pid ?? 0, proxy?.pid ?? 0])
    .filter((pid) => pid > 0)
  first.process.kill('SIGKILL')
  await until('the supervisor to be gone', () => first.process.signalCode !== null)
  expect((await meshctlIn(dir, 'ps')).stderr).toMatch(/was killed/)
  expect(await meshctlIn(dir, 'down')).toMatchObject({ code: 0, stdout: expect.stringContaining('was killed before') })
  expect(pids.filter(alive)).toEqual([])
  expect(existsSync(join(dir, '.mesh/run.json'))).toBe(false)
  const second = await Mesh.startIn(dir)
  second.process.kill('SIGKILL')
  await until('the supervisor to be gone', () => second.process.signalCode !== null)
  const third = await Mesh.startIn(dir)
  try {
    expect((await ask(`${third.ingress}/`)).body).toContain('Hello from greeter')
  } finally {
    expect(await third.stop()).toBe(0)
  }
})
