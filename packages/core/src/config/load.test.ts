import { expect, test } from 'vitest'
import { fieldOrigin, isKind, loadSources, type Finding } from './index.ts'
import { originPlace } from './origin.ts'

const load = (text: string, file = 'a.yaml') => loadSources([{ file, text }])
const told = (finding: Finding) =>
  `${originPlace(finding.origin)} ${finding.code} ${finding.message}${finding.fix === undefined ? '' : ` | ${finding.fix}`}`
const object = (text: string) => {
  const loaded = load(text)
  expect(loaded.findings.filter((finding) => finding.severity === 'error')).toEqual([])
  const [first] = loaded.objects
  if (first === undefined) throw new Error('no object')
  return first
}

const SERVICE = 'apiVersion: v1\nkind: Service\nmetadata:\n  name: reviews\n'

test('an object has its kind, names, labels, body and the place of each field', () => {
  const service = object(`${SERVICE}  namespace: shop\n  labels: {app: reviews}\nspec:\n  ports:\n  - name: http\n    port: 9080\n`)
  expect(service).toMatchObject({ kind: 'Service', meta: { name: 'reviews', namespace: 'shop', labels: { app: 'reviews' } } })
  expect(service.body).toEqual({ ports: [{ name: 'http', port: 9080 }] })
  expect(isKind(service, 'Service')).toBe(true)
  expect(originPlace(fieldOrigin(service, ['spec', 'ports', 0, 'port']))).toBe('a.yaml:10:5')
  expect(originPlace(fieldOrigin(service, ['spec', 'ports', 0, 'missing']))).toBe('a.yaml:9:5')
  expect(originPlace(service.origin)).toBe('a.yaml:1:1')
})

test('an object without a namespace is in default, a Namespace in none', () => {
  expect(object(SERVICE).meta.namespace).toBe('default')
  expect(object('apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n').meta.namespace).toBe('')
})

test('each document of a file stands for itself: a broken one does not hurt the next', () => {
  const loaded = load(
    `${SERVICE}---\nkind: VirtualService\napiVersion: networking.istio.io/v1\nmetadata:\n  name: bad\nspec: [\n---\n${SERVICE.replace('reviews', 'ratings')}`,
  )
  expect(loaded.objects.map((one) => one.meta.name)).toEqual(['reviews', 'ratings'])
  expect(loaded.findings.map((finding) => finding.code)).toEqual(['MESH0001'])
  expect(loaded.broken).toMatchObject([{ kind: 'object', objectKind: 'VirtualService', namespace: 'default', name: 'bad' }])
})

test('items of a List are objects with their own places', () => {
  const list = `apiVersion: v1\nkind: List\nmetadata: {resourceVersion: ""}\nitems:\n- apiVersion: v1\n  kind: Service\n  metadata:\n    name: one\n- apiVersion: v1\n  kind: Service\n  metadata:\n    name: two\n  spec:\n    prots: []\n`
  const loaded = load(list)
  expect(loaded.objects.map((one) => originPlace(one.origin))).toEqual(['a.yaml:5:3'])
  expect(loaded.findings.map(told)).toEqual(['a.yaml:14:5 IST0106 Unknown field `prots`. | Write `ports`.'])
})

test('JSON is read as well, indented by tabs too', () => {
  const json = JSON.stringify(
    { apiVersion: 'v1', kind: 'Service', metadata: { name: 'reviews' }, spec: { ports: [{ port: 80 }] } },
    undefined,
    '\t',
  )
  expect(object(json).body).toEqual({ ports: [{ port: 80 }] })
})

test('what kubectl exports is accepted: status, managed fields, last applied configuration', () => {
  const exported = `${SERVICE}  uid: 3f0c\n  resourceVersion: "12"\n  generation: 3\n  creationTimestamp: 2024-05-01T10:00:00Z\n  annotations:\n    kubectl.kubernetes.io/last-applied-configuration: |\n      {}\n    note: kept\n  managedFields:\n  - manager: kubectl\n    fieldsV1: {"f:spec": {}}\nspec:\n  clusterIP: 10.0.0.1\n  clusterIPs: [10.0.0.1]\n  internalTrafficPolicy: Cluster\n  ipFamilies: [IPv4]\n  ipFamilyPolicy: SingleStack\n  ports:\n  - {name: http, port: 80, protocol: TCP, targetPort: web}\n  sessionAffinity: None\n  type: ClusterIP\nstatus:\n  loadBalancer: {}\n`
  const service = object(exported)
  expect(load(exported).findings).toEqual([])
  expect(service.meta).toEqual({
    name: 'reviews',
    namespace: 'default',
    labels: {},
    annotations: { note: 'kept' },
    uid: '3f0c',
    resourceVersion: '12',
    generation: 3,
    creationTimestamp: '2024-05-01T10:00:00Z',
  })
})

test('words are read as kubectl reads them: yes is true, 22:22 and dates are text, 0644 is octal', () => {
  const map = (data: string) => load(`apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n${data}`)
  expect(map('  a: 22:22\n  b: 2020-01-01\n').objects[0]?.body).toEqual({ data: { a: '22:22', b: '2020-01-01' } })
  expect(map('  a: yes\n').findings.map(told)).toEqual(['a.yaml:5:3 IST0106 `a` must be text, and is a boolean. | Write it in quotes.'])
  const port = object(`${SERVICE}spec:\n  ports:\n  - port: 0120\n`)
  expect(port.body).toEqual({ ports: [{ port: 80 }] })
})

test('a bare dot is text', () => {
  const rule = object('apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: a}\nspec: {host: a, exportTo: [.]}\n')
  expect(rule.body).toEqual({ host: 'a', exportTo: ['.'] })
})

test('aliases and merge keys stand for what they name, and what is written wins', () => {
  const text = `${SERVICE}spec:\n  ports:\n  - &base {name: http, port: 80, protocol: TCP}\n  - <<: *base\n    name: other\n    port: 81\n  - *base\n`
  const loaded = load(text)
  expect(loaded.findings.map(told)).toEqual(['a.yaml:11:5 IST0106 `port` is the number of an earlier port (it is 80).'])
  const two = object(text.replace('  - *base\n', ''))
  expect(two.body).toEqual({
    ports: [
      { name: 'http', port: 80, protocol: 'TCP' },
      { name: 'other', port: 81, protocol: 'TCP' },
    ],
  })
})

test('a field without a value is absent, and still has to be one', () => {
  expect(object(`${SERVICE}spec:\n  selector:\n  ports:\n  - port: 80\n    name:\n`).body).toEqual({ ports: [{ port: 80 }] })
  expect(load(`${SERVICE}spec:\n  slector:\n`).findings.map(told)).toEqual([
    'a.yaml:6:3 IST0106 Unknown field `slector`. | Write `selector`.',
  ])
})

test('a field that is written twice is an error', () => {
  expect(load(`${SERVICE}spec:\n  type: ClusterIP\n  type: NodePort\n`).findings.map(told)).toEqual([
    'a.yaml:7:3 IST0106 `type` is written twice. | Keep one of the two.',
  ])
})

test('of two objects with one name the later is refused, and says where the first stands', () => {
  const loaded = loadSources([
    { file: 'a.yaml', text: SERVICE },
    { file: 'b.yaml', text: `\n${SERVICE}` },
  ])
  expect(loaded.objects.map((one) => one.origin.file)).toEqual(['a.yaml'])
  expect(loaded.findings.map(told)).toEqual([
    'b.yaml:2:1 MESH0005 Service reviews is already written in a.yaml:1; this one is ignored. | Keep one of the two.',
  ])
})

test('kinds of others are skipped by name, kinds of Istio without effect are told, unknown ones are errors', () => {
  const codes = (apiVersion: string, kind: string) =>
    load(`apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: a}\n`).findings.map(told)
  expect(codes('apps/v1', 'Deployment')).toEqual(['a.yaml:2:1 MESH0003 Deployment means nothing to this mesh; it is skipped.'])
  expect(codes('gateway.networking.k8s.io/v1', 'Gateway')).toEqual([
    'a.yaml:2:1 MESH0003 Gateway means nothing to this mesh; it is skipped.',
  ])
  expect(codes('networking.istio.io/v1alpha3', 'EnvoyFilter')).toEqual([
    'a.yaml:2:1 MESH0103 EnvoyFilter has no effect yet. Proxies are configured as if it were not there.',
  ])
  expect(codes('networking.istio.io/v1', 'VirtualServce')).toEqual([
    'a.yaml:2:1 IST0106 networking.istio.io has no kind VirtualServce. | Write `kind: VirtualService`.',
  ])
  expect(codes('security.istio.io/v1', 'VirtualService')).toEqual([
    'a.yaml:2:1 IST0106 security.istio.io has no kind VirtualService. | Write `apiVersion: networking.istio.io/v1`.',
  ])
  expect(codes('security.istio.io/v1alpha3', 'PeerAuthentication')).toEqual([
    'a.yaml:1:1 MESH0008 PeerAuthentication is not known in version "v1alpha3". | Write security.istio.io/v1, security.istio.io/v1beta1.',
  ])
  expect(load('hello').findings.map((finding) => finding.code)).toEqual(['MESH0004'])
})

test('the old and new versions of a kind are the same', () => {
  for (const version of ['v1', 'v1beta1', 'v1alpha3']) {
    const rule = object(`apiVersion: networking.istio.io/${version}\nkind: DestinationRule\nmetadata: {name: a}\nspec: {host: reviews}\n`)
    expect(rule.body).toEqual({ host: 'reviews' })
  }
})

test('mesh settings in the ConfigMap istio are checked, at their own line and column', () => {
  const mesh = (text: string) =>
    load(`apiVersion: v1\nkind: ConfigMap\nmetadata: {name: istio, namespace: istio-system}\ndata:\n  mesh: |-\n${text}`)
  const good = mesh('    outboundTrafficPolicy:\n      mode: REGISTRY_ONLY\n').objects[0]
  expect(good?.body).toMatchObject({ mesh: { outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } } })
  expect(originPlace(fieldOrigin(good ?? fail(), ['data', 'mesh', 'outboundTrafficPolicy', 'mode']))).toBe('a.yaml:7:7')
  expect(mesh('    trustDomain: a\n    outboundTraficPolicy: {}\n').findings.map(told)).toEqual([
    'a.yaml:7:5 IST0106 Unknown field `outboundTraficPolicy`. | Write `outboundTrafficPolicy`.',
  ])
  expect(mesh('    a: [\n').findings.map((finding) => finding.code)).toEqual(['MESH0001'])
})

test('the value of a secret is never told', () => {
  const loaded = load('apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ntype: Opaque\ndata:\n  key: "hunter2 is no base64"\n')
  expect(loaded.findings).toHaveLength(1)
  expect(JSON.stringify(loaded.findings)).not.toContain('hunter2')
})

function fail(): never {
  throw new Error('no object')
}
