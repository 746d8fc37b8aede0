import { afterEach, expect, test } from 'vitest'
import { meshctl } from '../testdata/meshctl.ts'
import { SmallMesh } from '../testdata/small-mesh.ts'

const entry = (name: string, address: string, app: string): string =>
  `apiVersion: networking.istio.io/v1\nkind: WorkloadEntry\nmetadata: {name: ${name}}\nspec: {address: ${address}, labels: {app: ${app}}, ports: {http: 9080}}\n`
const CONFIG = [
  'apiVersion: v1\nkind: Service\nmetadata: {name: reviews}\nspec: {selector: {app: reviews}, ports: [{name: http, port: 9080}]}\n',
  entry('reviews-0', '127.64.0.2', 'reviews'),
  entry('reviews-1', '127.64.0.3', 'reviews'),
  entry('client-0', '127.64.0.9', 'client'),
  'apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: reviews}\nspec:\n  host: reviews\n  trafficPolicy: {outlierDetection: {}}\n',
].join('---\n')
const CLUSTER = 'outbound|9080||reviews.default.svc.cluster.local'
const host = (address: string, ejected: boolean) => ({
  address: { socket_address: { address, port_value: 9080 } },
  health_status: { ...(ejected ? { failed_outlier_check: true } : {}), eds_health_status: 'HEALTHY' },
})

let mesh: SmallMesh
afterEach(() => mesh.stop())

async function start(clusters: unknown): Promise<void> {
  mesh = new SmallMesh(CONFIG, clusters)
  await mesh.start()
}

test('pc endpoint and explain tell which endpoints the proxy has ejected, and explain by which line', async () => {
  const hosts = [host('127.64.0.2', false), host('127.64.0.3', true)]
  await start({ cluster_statuses: [{ name: CLUSTER, host_statuses: hosts }] })
  const listed = await meshctl(mesh.dir, ['pc', 'endpoint', 'client-0', '--fqdn', 'reviews'])
  const rows = listed.stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.split(/ {2,}/))
  expect(rows).toEqual([
    ['ENDPOINT', 'STATUS', 'OUTLIER CHECK', 'CLUSTER'],
    ['127.64.0.2:9080', 'HEALTHY', 'OK', CLUSTER],
    ['127.64.0.3:9080', 'HEALTHY', 'FAILED', CLUSTER],
  ])
  const all = await meshctl(mesh.dir, ['pc', 'all', 'client-0', '-o', 'json'])
  expect((JSON.parse(all.stdout) as { endpoint: unknown }).endpoint).toContainEqual(
    expect.objectContaining({ address: '127.64.0.3', cluster: CLUSTER, ejected: true }),
  )
  const explained = await meshctl(mesh.dir, ['explain', 'GET', 'http://reviews:9080/', '--from', 'client-0'])
  expect(explained.stdout).toMatch(
    /127\.64\.0\.3:9080 \(reviews-1\) ejected by outlier detection {2}\[DestinationRule default\/reviews mesh\.yaml:\d+:3\]/,
  )
  expect(explained.stdout).toMatch(/to 0 of 1 endpoint/)
})

test('an answer that meshctl does not know is told', async () => {
  await start({ clusters: [] })
  const listed = await meshctl(mesh.dir, ['pc', 'endpoint', 'client-0'])
  expect(listed.stderr).toContain('answers /clusters in a form that this meshctl does not know')
})
