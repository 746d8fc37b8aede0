import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ask, askJson } from './src/http.ts'
import { failures, Stream } from './src/load.ts'
import { Mesh } from './src/mesh.ts'
import { until } from './src/wait.ts'

let mesh: Mesh

beforeAll(async () => {
  mesh = await Mesh.start()
})

afterAll(async () => {
  await mesh.stop()
})

const reviews = (subset: string, field = 'subset'): string => `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: reviews
spec:
  hosts:
  - reviews
  http:
  - route:
    - destination:
        host: reviews
        ${field}: ${subset}
`

const podOf = async (): Promise<string | undefined> =>
  /"podname":\s*"(reviews-v\d)/.exec(
    (await ask('http://reviews:9080/reviews/0', { proxy: mesh.proxy('productpage-v1').outbound })).body,
  )?.[1]

test('fifty changes under load fail not one request, and each is served', async () => {
  const stream = new Stream('http://reviews:9080/reviews/0', { lanes: 4, proxy: mesh.proxy('productpage-v1').outbound })
  const delays: number[] = []
  for (let round = 0; round < 50; round++) {
    const version = `v${(round % 3) + 1}`
    const saved = performance.now()
    writeFileSync(join(mesh.dir, 'config/reviews.yaml'), reviews(version))
    await until(`${version} to serve`, async () => ((await podOf()) === `reviews-${version}` ? true : undefined))
    delays.push(performance.now() - saved)
  }
  const outcomes = await stream.stop()
  delays.sort((a, b) => a - b)
  console.log(
    `save to served: median ${delays[25]?.toFixed(0)} ms, worst ${delays[49]?.toFixed(0)} ms; ${outcomes.length} requests meanwhile`,
  )
  expect(outcomes.length).toBeGreaterThan(100)
  expect(failures(outcomes)).toEqual([])
})

test('one save that breaks a VirtualService and mends a DestinationRule: the one keeps its last good form, the other applies', async () => {
  await mesh.save('reviews.yaml', reviews('v1'))
  const rules = (v2: string): string => `---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: reviews
spec:
  host: reviews
  subsets:
  - {name: v1, labels: {version: v1}}
  - {name: v2, labels: {version: ${v2}}}
  - {name: v3, labels: {version: v3}}
`
  const all = mesh.read('config/destination-rule-all.yaml').split(/^---$/m)
  const others = all.filter((part) => !/name: reviews\s*$/m.test(part) && part.trim() !== '').join('\n---\n')
  await mesh.save('destination-rule-all.yaml', `${others}\n${rules('nowhere')}`)
  writeFileSync(join(mesh.dir, 'config/reviews.yaml'), reviews('v2', 'subst'))
  await mesh.save('destination-rule-all.yaml', `${others}\n${rules('v2')}`)
  const findings = await until('the finding', async () => {
    const all = await askJson<
      readonly {
        severity: string
        code: string
        message: string
        fix?: string
        origin: { file?: string; line?: number; column?: number }
      }[]
    >(`${mesh.run().pilot.monitoring}/debug/findings`)
    const errors = all.filter((one) => one.severity === 'error')
    return errors.length > 0 ? errors : undefined
  })
  expect(findings).toHaveLength(1)
  expect(findings[0]?.origin.file).toMatch(/reviews\.yaml$/)
  expect([findings[0]?.origin.line, findings[0]?.origin.column]).toEqual([12, 9])
  expect(`${findings[0]?.message} ${findings[0]?.fix}`).toMatch(/subst.*subset/)
  await until('the terminal to tell the mistake', () => mesh.output.includes('reviews.yaml:12:9'))
  expect(await podOf()).toBe('reviews-v1')
  const cluster = await mesh.meshctl('pc', 'endpoint', mesh.workload('productpage-v1').name, '-o', 'json')
  expect(cluster.code, cluster.stderr).toBe(0)
  expect(cluster.stdout).toContain('outbound|9080|v2|reviews.default.svc.cluster.local')
})

test('a broken object without a last good form is absent, and the rest of the mesh goes on', async () => {
  const before = await mesh.snapshot()
  writeFileSync(
    join(mesh.dir, 'config/new.yaml'),
    'apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: fresh}\nspec: {hosts: [details], http: [{route: [{destination: {host: details}, weight: -4}]}]}\n',
  )
  await until('the finding', async () => {
    const findings = await askJson<readonly { severity: string; origin: { file?: string } }[]>(
      `${mesh.run().pilot.monitoring}/debug/findings`,
    )
    return findings.some((one) => one.severity === 'error' && one.origin.file?.endsWith('new.yaml')) ? true : undefined
  })
  expect(before).not.toBe('')
  expect((await ask('http://details:9080/details/0', { proxy: mesh.proxy('productpage-v1').outbound })).status).toBe(200)
})

test('an old endpoint leaves and a new one joins on their own lane: no listener, route or cluster is sent again', async () => {
  const sent = async (): Promise<Record<string, number>> => {
    const text = (await ask(`${mesh.run().pilot.monitoring}/metrics`)).body
    return Object.fromEntries(
      [...text.matchAll(/^pilot_xds_pushes\{type="(\w+)"\} (\d+)/gm)].map((found) => [String(found[1]), Number(found[2])]),
    )
  }
  const before = await sent()
  const victim = mesh.workload('reviews-v3')
  if (victim.app === null) throw new Error('reviews-v3 has no application')
  process.kill(victim.app.pid, 'SIGKILL')
  await until('reviews-v3 to run again', () => {
    const again = mesh.workload('reviews-v3').app
    return again !== null && again.pid !== victim.app?.pid ? true : undefined
  })
  const after = await sent()
  expect([after['lds'], after['rds'], after['cds']]).toEqual([before['lds'], before['rds'], before['cds']])
})
