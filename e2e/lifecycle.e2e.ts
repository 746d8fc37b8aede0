import { spawn } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ask } from './src/http.ts'
import { failures, Stream } from './src/load.ts'
import { Mesh } from './src/mesh.ts'
import { ROOT } from './src/root.ts'
import { alive, listens, processesNaming } from './src/process.ts'
import { until } from './src/wait.ts'

const pidsOf = (mesh: Mesh): number[] => {
  const run = mesh.run()
  return [run.pilot.pid, run.ca?.pid, run.telemetry?.pid, ...run.workloads.flatMap((one) => [one.app?.pid, one.proxy?.pid])].filter(
    (pid) => pid !== undefined,
  )
}

/** The last good view of a proxy, which it stores a little after it has put it in force. */
function storedView(mesh: Mesh, workload: string): Promise<string> {
  const { stateDir } = JSON.parse(readFileSync(mesh.proxy(workload).settingsFile, 'utf8')) as { readonly stateDir: string }
  return until('the view on disk', () => {
    try {
      return readFileSync(join(stateDir, 'view.json'), 'utf8')
    } catch {
      return undefined
    }
  })
}

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s ends every process and frees every port', async (signal) => {
  const mesh = await Mesh.start()
  const pids = pidsOf(mesh)
  const urls = [
    mesh.ingress,
    mesh.run().pilot.monitoring,
    ...mesh.run().workloads.flatMap((one) => (one.proxy === null ? [] : [one.proxy.admin, one.proxy.outbound])),
  ]
  expect(pids.every(alive)).toBe(true)
  const code = await mesh.stop(signal)
  expect(code).toBe(0)
  expect(pids.filter(alive)).toEqual([])
  expect(await Promise.all(urls.map(listens))).not.toContain(true)
  expect(processesNaming(mesh.dir)).toEqual([])
})

test('after kill -9 of the supervisor nothing stays behind', async () => {
  const mesh = await Mesh.start()
  const pids = pidsOf(mesh)
  await mesh.stop('SIGKILL')
  await until('all processes to end', () => (pids.filter(alive).length === 0 ? true : undefined))
  rmSync(mesh.dir, { recursive: true, force: true })
})

test('two meshes run side by side', async () => {
  const one = await Mesh.start()
  const two = await Mesh.start()
  try {
    expect(one.ingress).not.toBe(two.ingress)
    for (const mesh of [one, two]) expect((await ask(`${mesh.ingress}/productpage`)).status).toBe(200)
    expect(one.output + two.output).toMatch(/port \d+ is taken, using \d+/)
    await one.stop()
    expect((await ask(`${two.ingress}/productpage`)).status).toBe(200)
  } finally {
    await one.stop()
    await two.stop()
  }
})

test('without CA and telemetry traffic and splits work, and one line says that there is no mTLS', async () => {
  const mesh = await Mesh.start(['--no-ca', '--no-telemetry'])
  try {
    expect(mesh.run().ca).toBeNull()
    expect(mesh.run().telemetry).toBeNull()
    await until('the page to be announced', () => (mesh.output.includes('/productpage') ? true : undefined))
    expect(mesh.output.split('\n').filter((line) => /no mTLS/i.test(line))).toHaveLength(1)
    expect((await ask(`${mesh.ingress}/productpage`)).status).toBe(200)
    await mesh.save('reviews.yaml', mesh.read('networking/virtual-service-reviews-test-v2.yaml'))
    const answer = await ask('http://reviews:9080/reviews/0', {
      proxy: mesh.proxy('productpage-v1').outbound,
      headers: { 'end-user': 'jason' },
    })
    expect(answer.body).toContain('reviews-v2')
  } finally {
    await mesh.stop()
  }
})

test('kill -9 of pilot: traffic goes on without a failure, pilot comes back, and a proxy that starts meanwhile serves its last good view', async () => {
  const mesh = await Mesh.start()
  try {
    const stream = new Stream('http://reviews:9080/reviews/0', { lanes: 2, proxy: mesh.proxy('productpage-v1').outbound })
    const pilot = mesh.run().pilot.pid
    process.kill(pilot, 'SIGSTOP')
    const victim = mesh.proxy('details-v1')
    await storedView(mesh, 'details-v1')
    process.kill(victim.pid, 'SIGKILL')
    await until('a new proxy of details to serve without pilot', async () => {
      const now = mesh.workload('details-v1').proxy
      if (now === null || now.pid === victim.pid) return undefined
      return (await ask(`${now.health}/healthz/ready`)).status === 200 ? true : undefined
    })
    expect((await ask('http://details:9080/details/0', { proxy: mesh.proxy('productpage-v1').outbound })).status).toBe(200)
    process.kill(pilot, 'SIGKILL')
    await until('a new pilot', async () =>
      mesh.run().pilot.pid !== pilot && (await listens(mesh.run().pilot.monitoring)) ? true : undefined,
    )
    await mesh.synced()
    await mesh.save('reviews.yaml', mesh.read('networking/virtual-service-reviews-test-v2.yaml'))
    expect(failures(await stream.stop())).toEqual([])
  } finally {
    await mesh.stop()
  }
})

test('the last good view on disk holds no key', async () => {
  const mesh = await Mesh.start()
  try {
    const view = await storedView(mesh, 'details-v1')
    expect(view).toContain('outbound|9080')
    expect(view).not.toMatch(/PRIVATE KEY/)
  } finally {
    await mesh.stop()
  }
})

test('a mesh.yaml with a mistake is refused with file, line and what to write', async () => {
  const failed = await Mesh.start([], (dir) => {
    const file = join(dir, 'mesh.yaml')
    writeFileSync(file, readFileSync(file, 'utf8').replace('command:', 'comand:'))
  }).then(
    () => '',
    (error: unknown) => String(error),
  )
  expect(failed).toMatch(/mesh\.yaml:\d+:\d+.*comand.*command/s)
})

test('npm start ends with its terminal', async () => {
  const child = spawn(process.execPath, [join(ROOT, 'tools/setup/start.mjs')], {
    cwd: ROOT,
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  })
  let output = ''
  child.stdout.on('data', (piece: Buffer) => (output += piece.toString()))
  child.stderr.on('data', (piece: Buffer) => (output += piece.toString()))
  await until('the page to be announced', () => (/\/productpage/.test(output) ? true : undefined), 90_000)
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  child.kill('SIGHUP')
  await ended
  await until('nothing of it to run', () => (processesNaming(join(ROOT, 'samples/bookshop')).length === 0 ? true : undefined))
})
