import { expect, test } from 'vitest'
import { compatReport } from './index.ts'

const object = (kind: string, spec: string, meta = 'name: a', group = 'networking.istio.io/v1') =>
  `apiVersion: ${group}\nkind: ${kind}\nmetadata: {${meta}}\nspec:\n${spec}`
const told = (...texts: string[]) =>
  compatReport(texts.map((text, index) => ({ file: `${index}.yaml`, text }))).entries.map(
    ({ kind, field, effect, code, places }) =>
      `${effect} ${kind} ${field} ${code ?? ''} ${places.map(({ file, line, column }) => `${file}:${line}:${column}`).join(' ')}`,
  )

const ROUTE = '    route: [{destination: {host: reviews}}]\n'

test('each field of each kind is told once, with all places where it is used', () => {
  const text = object('VirtualService', `  hosts: [reviews]\n  http:\n  - timeout: 3s\n${ROUTE}  - timeout: 4s\n${ROUTE}`)
  expect(told(text)).toEqual([
    'works VirtualService spec.hosts  0.yaml:5:3',
    'works VirtualService spec.http[].route[].destination.host  0.yaml:8:28 0.yaml:10:28',
    'works VirtualService spec.http[].timeout  0.yaml:7:5 0.yaml:9:5',
  ])
})

test('what has no effect is told at its top alone, and what an old spelling says beside it', () => {
  const text = object(
    'VirtualService',
    `  hosts: [reviews]\n  http:\n  - corsPolicy: {allowOrigins: [{exact: a}], maxAge: 1s}\n    fault: {delay: {percent: 10, fixedDelay: 5s}}\n${ROUTE}`,
  )
  expect(told(text)).toEqual([
    'ignored VirtualService spec.http[].corsPolicy MESH0101 0.yaml:7:5',
    'works VirtualService spec.hosts  0.yaml:5:3',
    'works VirtualService spec.http[].fault.delay.fixedDelay  0.yaml:8:34',
    'works VirtualService spec.http[].fault.delay.percent IST0002 0.yaml:8:21',
    'works VirtualService spec.http[].route[].destination.host  0.yaml:9:28',
  ])
})

test('an object with a mistake is refused, and its other fields are not counted', () => {
  expect(told(object('DestinationRule', '  hots: reviews\n  subsets: []\n'))).toEqual(
    ['refused DestinationRule spec.hots IST0106 0.yaml:5:3', 'refused DestinationRule spec.host IST0106 0.yaml:4:1'].sort(),
  )
  expect(told('kind: [')).toEqual([expect.stringMatching(/^refused Document {2}MESH0001 /)])
})

test('kinds without effect, unknown kinds and unknown versions are told as a whole', () => {
  expect(
    told(
      object('EnvoyFilter', '  {}\n', 'name: a', 'networking.istio.io/v1alpha3'),
      object('Deployment', '  {}\n', 'name: a', 'apps/v1'),
      object('Sidecar', '  {}\n', 'name: a', 'networking.istio.io/v7'),
      'apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData: {a: b}\n',
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: other}\ndata: {a: b}\n',
    ),
  ).toEqual([
    'ignored Secret  MESH0102 3.yaml:1:1',
    'ignored ConfigMap  MESH0102 4.yaml:1:1',
    'refused Sidecar  MESH0008 2.yaml:1:1',
    'ignored Deployment  MESH0003 1.yaml:2:1',
    'ignored EnvoyFilter  MESH0103 0.yaml:2:1',
  ])
})

test('the settings of the mesh are fields of their own', () => {
  const map =
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: istio, namespace: istio-system}\ndata:\n  mesh: |\n    enableAutoMtls: false\n    enableTracing: true\n    ingressClass: x\n  other: text\n'
  expect(told(map)).toEqual([
    'ignored ConfigMap data.mesh.ingressClass MESH0101 0.yaml:8:5',
    'works ConfigMap data.mesh.enableAutoMtls  0.yaml:6:5',
    'works ConfigMap data.mesh.enableTracing  0.yaml:7:5',
  ])
})

test('the compiler is asked for the proxies that Gateways and Sidecars select, though an export does not show them', () => {
  const gateway = object(
    'Gateway',
    "  selector: {istio: ingressgateway}\n  servers:\n  - port: {number: 443, name: https, protocol: HTTPS}\n    hosts: ['*']\n    tls: {mode: SIMPLE, credentialName: cert}\n",
  )
  expect(told(gateway).filter((line) => !line.startsWith('works'))).toEqual([
    'refused Gateway spec.servers[].tls MESH0202 0.yaml:9:5',
    'ignored Gateway spec.servers[].tls.credentialName MESH0101 0.yaml:9:25',
  ])
})

test('what two objects take from each other is told, and not counted as working', () => {
  const service = 'apiVersion: v1\nkind: Service\nmetadata: {name: reviews}\nspec: {ports: [{name: http, port: 80}]}\n'
  const rule = (name: string) => object('VirtualService', `  hosts: [reviews]\n  http:\n  - ${ROUTE.trim()}\n`, `name: ${name}`)
  const all = told(service, rule('a'), rule('b'))
  expect(all).toContain('ignored VirtualService spec.hosts[] IST0109 2.yaml:5:11')
  expect(all).toContain('works VirtualService spec.hosts  1.yaml:5:3 2.yaml:5:3')
  expect(told(rule('a'), object('DestinationRule', '  host: nobody\n'))).not.toContainEqual(expect.stringContaining('IST0174'))
})
