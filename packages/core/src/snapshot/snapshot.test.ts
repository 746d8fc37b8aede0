import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { buildSnapshot, canonicalJson, objectsOf, sha256, type Snapshot } from './index.ts'

const service = (name: string, port: number | string = 80) =>
  `apiVersion: v1\nkind: Service\nmetadata:\n  name: ${name}\nspec:\n  ports:\n  - {port: ${port}, name: http}\n`
const policy = (name: string, spec: string) =>
  `apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata:\n  name: ${name}\nspec:\n${spec}`
const GOOD = policy('guard', '  selector: {matchLabels: {app: reviews}}\n  rules:\n  - to: [{operation: {methods: [GET]}}]\n')
const BAD = policy('guard', '  selector: {matchLabels: {app: reviews}}\n  rules:\n  - to: [{operation: {method: [GET]}}]\n')

const build = (texts: Record<string, string>, previous?: Snapshot) =>
  buildSnapshot({ sources: Object.entries(texts).map(([file, text]) => ({ file, text })), ...(previous === undefined ? {} : { previous }) })
const names = (snapshot: Snapshot) => snapshot.objects.map((object) => object.meta.name)
const codes = (snapshot: Snapshot) => snapshot.findings.map((finding) => finding.code)

test('objects are sorted by kind, namespace and name, whatever the order of files', () => {
  const snapshot = build({ 'b.yaml': service('beta'), 'a.yaml': `${service('zeta')}---\n${GOOD}` })
  expect(snapshot.objects.map((object) => `${object.kind} ${object.meta.name}`)).toEqual([
    'AuthorizationPolicy guard',
    'Service beta',
    'Service zeta',
  ])
  expect(objectsOf(snapshot, 'Service').map((object) => object.body.ports?.[0]?.port)).toEqual([80, 80])
  expect(objectsOf(snapshot, 'Gateway')).toEqual([])
})

test('equal contents have equal hashes, wherever they are written', () => {
  const one = build({ 'a.yaml': `${service('a')}---\n${service('b')}` })
  const other = build({
    'x.yaml': `# moved\n\n${service('b')}`,
    'y.json': JSON.stringify({
      spec: { ports: [{ name: 'http', port: 80 }] },
      metadata: { name: 'a', resourceVersion: '7' },
      kind: 'Service',
      apiVersion: 'v1',
    }),
  })
  expect(other.hash).toBe(one.hash)
  expect(one.hash).toMatch(/^[0-9a-f]{12}$/)
  expect(build({ 'a.yaml': `${service('a')}---\n${service('b', 81)}` }).hash).not.toBe(one.hash)
  expect(build({ 'a.yaml': service('a') }).hash).not.toBe(one.hash)
})

test('a broken object keeps its last good form while the rest of the save applies', () => {
  const before = build({ 'a.yaml': `${service('a')}---\n${service('b')}` })
  const after = build({ 'a.yaml': `${service('a', 'eighty')}---\n${service('b', 81)}` }, before)
  expect(objectsOf(after, 'Service').map((object) => object.body.ports?.[0]?.port)).toEqual([80, 81])
  expect(codes(after)).toEqual(['MESH0006', 'IST0106'])
  expect(after.findings[0]).toMatchObject({ message: 'The last good form of Service a is in force.', origin: { file: 'a.yaml', line: 1 } })
  const mended = build({ 'a.yaml': `${service('a', 82)}---\n${service('b', 81)}` }, after)
  expect(objectsOf(mended, 'Service').map((object) => object.body.ports?.[0]?.port)).toEqual([82, 81])
  expect(codes(mended)).toEqual([])
})

test('the last good form outlives any number of broken saves, and goes with its object', () => {
  let snapshot = build({ 'a.yaml': service('a') })
  for (const text of [service('a', 'x'), 'kind: Service\n  bad', service('a', 'y')]) {
    snapshot = build({ 'a.yaml': text }, snapshot)
    expect(names(snapshot)).toEqual(['a'])
  }
  expect(names(build({ 'a.yaml': '' }, snapshot))).toEqual([])
  expect(names(build({}, snapshot))).toEqual([])
})

test('a file that is no YAML keeps what it held, and only that', () => {
  const before = build({ 'a.yaml': `${service('a')}---\n${service('b')}`, 'c.yaml': service('c') })
  const after = build({ 'a.yaml': `]\n---\n${service('b', 81)}` }, before)
  expect(names(after)).toEqual(['a', 'b'])
  expect(objectsOf(after, 'Service').map((object) => object.body.ports?.[0]?.port)).toEqual([80, 81])
})

test('an object without a last good form is absent', () => {
  expect(names(build({ 'a.yaml': `${service('a', 'x')}---\n${service('b')}` }))).toEqual(['b'])
})

test('a security policy without a last good form is quarantined with what it selects', () => {
  const snapshot = build({ 'a.yaml': BAD })
  expect(snapshot.objects).toEqual([])
  expect(snapshot.quarantined).toMatchObject([
    { kind: 'AuthorizationPolicy', namespace: 'default', name: 'guard', selector: { app: 'reviews' } },
  ])
  expect(codes(snapshot)).toEqual(['MESH0007', 'IST0106', 'IST0106'])
  expect(snapshot.hash).not.toBe(build({}).hash)
  expect(build({ 'a.yaml': GOOD }, snapshot).quarantined).toEqual([])
})

test('a security policy with a last good form keeps it', () => {
  const after = build({ 'a.yaml': BAD }, build({ 'a.yaml': GOOD }))
  expect(after.quarantined).toEqual([])
  expect(names(after)).toEqual(['guard'])
})

test.each([
  ['no YAML', GOOD.replace('rules:', 'rules: [')],
  ['no apiVersion', GOOD.replace(/apiVersion.*\n/, '')],
  ['another version', GOOD.replace('io/v1', 'io/v7')],
  ['another group', GOOD.replace('security', 'networking')],
  ['a misspelt kind', GOOD.replace('AuthorizationPolicy', 'AuthorisationPolicy')],
  ['an unreadable selector', GOOD.replace('{app: reviews}', '{app: 1}')],
  ['labels twice', GOOD.replace('  selector', '  selector: {}\n  selector')],
])('a policy with %s denies rather than vanishes', (_what, text) => {
  const fresh = build({ 'a.yaml': text })
  expect(fresh.objects).toEqual([])
  expect(fresh.quarantined).toMatchObject([{ kind: 'AuthorizationPolicy', namespace: 'default', name: 'guard' }])
  expect(names(build({ 'a.yaml': text }, build({ 'a.yaml': GOOD })))).toEqual(['guard'])
})

test('a policy whose name or kind is lost stays as its file held it', () => {
  for (const text of [GOOD.replace('name: guard', 'nme: guard'), GOOD.replace(/kind:.*\n/, '')]) {
    expect(names(build({ 'a.yaml': text }, build({ 'a.yaml': GOOD })))).toEqual(['guard'])
  }
})

test('unchanged files are taken over, object for object', () => {
  const before = build({ 'a.yaml': service('a'), 'b.yaml': service('b') })
  const after = build({ 'a.yaml': service('a'), 'b.yaml': service('b', 81) }, before)
  expect(after.objects[0]).toBe(before.objects[0])
  expect(after.objects[1]).not.toBe(before.objects[1])
})

test('SHA-256 is that of everybody', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      expect(sha256(bytes)).toBe(createHash('sha256').update(bytes).digest('hex'))
    }),
  )
})

test('canonical JSON does not depend on the order of fields', () => {
  expect(canonicalJson({ b: [1, { d: 1, c: undefined }], a: 'x' })).toBe('{"a":"x","b":[1,{"d":1}]}')
})
