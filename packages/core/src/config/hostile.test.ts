import fc from 'fast-check'
import { expect, test } from 'vitest'
import { buildSnapshot } from '../snapshot/index.ts'
import { CONFIG_LIMITS, FINDING_CODES, loadSources } from './index.ts'

const SEEDS = [
  'apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata:\n  name: a\nspec:\n  hosts: [reviews]\n  http:\n  - match: [{uri: {regex: "/a.*"}}]\n    route:\n    - destination: {host: reviews, subset: v1}\n      weight: 80\n    timeout: 5s\n',
  'apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Service\n  metadata: {name: a, labels: {app: a}}\n  spec:\n    ports: [{port: 80, name: http}]\n',
  'apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: a}\nspec:\n  rules:\n  - from: [{source: {principals: ["a/*"]}}]\n    to: [{operation: {paths: ["/a/{*}"]}}]\n---\n&x a: *x\n',
  'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: istio, namespace: istio-system}\ndata:\n  mesh: |-\n    trustDomain: a\n    defaultConfig: {tracing: {sampling: 10}}\n',
]
const PIECES = [
  '\n',
  ' ',
  ': ',
  '- ',
  '[',
  '{',
  '}',
  ']',
  '"',
  "'",
  '&a ',
  '*a',
  '<<: ',
  '|',
  '>',
  '#',
  '---\n',
  '%YAML 1.2\n',
  '!!set ',
  '!x ',
  '? ',
  '\t',
  '\0',
  '\uFEFF',
  '__proto__',
  'constructor: ',
  'null',
  '~',
  '.inf',
  '0x1',
  '1e999',
  '\u202e',
]

const spliced = fc
  .record({
    seed: fc.constantFrom(...SEEDS),
    edits: fc.array(
      fc.record({ at: fc.nat(400), cut: fc.nat(12), put: fc.oneof(fc.constantFrom(...PIECES), fc.string({ maxLength: 6 })) }),
      { maxLength: 6 },
    ),
  })
  .map(({ seed, edits }) => edits.reduce((text, { at, cut, put }) => text.slice(0, at) + put + text.slice(at + cut), seed))

test('whatever the text, loading answers with objects and findings, and never throws', () => {
  fc.assert(
    fc.property(fc.oneof(spliced, fc.string(), fc.string({ unit: fc.constantFrom(...PIECES), maxLength: 40 })), (text) => {
      const loaded = loadSources([{ file: 'a.yaml', text }])
      for (const finding of loaded.findings) {
        expect(FINDING_CODES).toHaveProperty(finding.code)
        expect(finding.origin.line).toBeGreaterThan(0)
      }
      const errors = loaded.findings.some((finding) => finding.severity === 'error')
      expect(loaded.broken.length > 0).toBe(errors)
    }),
    { numRuns: 600 },
  )
})

test('whatever the texts, a snapshot is built, and the same texts give the same one', () => {
  fc.assert(
    fc.property(fc.array(spliced, { maxLength: 3 }), spliced, (texts, next) => {
      const sources = texts.map((text, index) => ({ file: `${index}.yaml`, text }))
      const snapshot = buildSnapshot({ sources })
      expect(buildSnapshot({ sources: sources.toReversed() })).toEqual(snapshot)
      buildSnapshot({ sources: [{ file: '0.yaml', text: next }], previous: snapshot })
    }),
    { numRuns: 200 },
  )
})

test('a label named __proto__ is refused, and changes no prototype', () => {
  const loaded = loadSources([
    { file: 'a.yaml', text: 'apiVersion: v1\nkind: Service\nmetadata:\n  name: a\n  labels: {__proto__: {polluted: yes}}\n' },
  ])
  expect(loaded.objects).toEqual([])
  expect(loaded.findings.map((finding) => finding.message)).toEqual(['`__proto__` cannot be the name of a field.'])
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
})

test('aliases that multiply are bounded', () => {
  const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]']
  for (let step = 1; step < 12; step++) lines.push(`a${step}: &a${step} [${Array.from({ length: 10 }, () => `*a${step - 1}`).join(', ')}]`)
  const loaded = loadSources([{ file: 'bomb.yaml', text: `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n${lines.join('\n')}\n` }])
  expect(loaded.objects).toEqual([])
  expect(loaded.findings.some((finding) => finding.code === 'MESH0002')).toBe(true)
  expect(loaded.findings.length).toBeLessThanOrEqual(CONFIG_LIMITS.maxFindingsPerDocument + 1)
})

test('an alias that stands for itself stands for nothing', () => {
  const loaded = loadSources([{ file: 'a.yaml', text: 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: &d {a: *d}\n' }])
  expect(loaded.findings.map((finding) => finding.message)).toEqual(['The alias *d stands for nothing.'])
})

test.each(['[', '{a: ', '- ', '? ', 'a: b: ', '"'])('a text of nothing but %j is refused with a finding', (piece) => {
  const loaded = loadSources([{ file: 'deep.yaml', text: piece.repeat(20_000) }])
  expect(loaded.objects).toEqual([])
  expect(loaded.findings.length).toBeGreaterThan(0)
})

const SERVICE = 'apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {ports: [{port: 80, name: http}]}\n'

test.each(['[', '{a: ', '- ', '? '])(
  'nesting of nothing but %j is read no further than its bound, and hurts no other document',
  (piece) => {
    const text = `---\n${piece.repeat(20_000)}\n---\n${SERVICE}---\n${piece.repeat(300)}\n`
    const loaded = loadSources([{ file: 'deep.yaml', text }])
    expect(loaded.objects.map(({ meta }) => meta.name)).toEqual(['a'])
    expect(loaded.findings.map(({ code, message, origin }) => [code, message, origin.line])).toEqual([
      ['MESH0002', 'The document is nested deeper than 256 levels.', 2],
      ['MESH0002', 'The document is nested deeper than 256 levels.', 9],
    ])
    const [first, second] = loaded.findings.map(({ origin }) => origin.column ?? 0)
    expect(first).toBe(second)
    expect(first).toBeLessThan(300 * piece.length)
  },
)

test('blocks that go deeper line by line are read no further than their bound', () => {
  const text = `${SERVICE}---\n${Array.from({ length: 2_000 }, (_, depth) => `${' '.repeat(depth)}a:\n`).join('')}`
  const loaded = loadSources([{ file: 'deep.yaml', text }])
  expect(loaded.objects).toHaveLength(1)
  expect(loaded.findings.map(({ code, origin }) => [code, origin.line])).toEqual([['MESH0002', 261]])
})

test('brackets in a text of a ConfigMap are no nesting', () => {
  const data = `  one: "${'['.repeat(2_000)}"\n  two: |\n    ${'{['.repeat(2_000)}\n  three: '${'{'.repeat(2_000)}' # ${'['.repeat(2_000)}\n`
  const loaded = loadSources([{ file: 'a.yaml', text: `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n${data}` }])
  expect(loaded.findings).toEqual([])
})

test.each([
  ['value', '{note: "a\\ud800b"}', 'The value holds half a character (\\ud800).'],
  ['name', '{"\\udc00": a}', 'The name of a field holds half a character (\\udc00).'],
])('half a character in the %s of a field is refused, and the last good form stays', (_what, annotations, message) => {
  const of = (noted: string) => ({ file: 'a.yaml', text: SERVICE.replace('{name: a}', `{name: a, annotations: ${noted}}`) })
  const good = buildSnapshot({ sources: [of('{note: "\\ud83d\\ude00"}')] })
  expect(good.findings).toEqual([])
  const next = buildSnapshot({ sources: [of(annotations)], previous: good })
  expect(next.objects.map(({ meta }) => meta.annotations)).toEqual([{ note: '😀' }])
  expect(next.findings.map((finding) => [finding.code, finding.message])).toContainEqual(['IST0106', message])
})

test('an object that is nested too deep keeps its last good form', () => {
  const good = buildSnapshot({ sources: [{ file: 'a.yaml', text: SERVICE }] })
  const next = buildSnapshot({ sources: [{ file: 'a.yaml', text: `${SERVICE}status: ${'['.repeat(500)}\n` }], previous: good })
  expect(next.objects.map(({ meta }) => meta.name)).toEqual(['a'])
  expect(next.findings.map(({ code }) => code).sort()).toEqual(['MESH0002', 'MESH0006'])
})

test('more documents than are read are refused as a whole', () => {
  const loaded = loadSources([{ file: 'many.yaml', text: '---\n'.repeat(CONFIG_LIMITS.maxDocumentsPerSource + 2) }])
  expect(loaded.findings.map(({ code, message }) => [code, message])).toEqual([['MESH0002', 'The source holds more than 20000 documents.']])
})

test('a source larger than its bound is refused as a whole', () => {
  const loaded = loadSources([{ file: 'large.yaml', text: '#'.repeat(CONFIG_LIMITS.maxSourceChars + 1) }])
  expect(loaded.findings.map((finding) => finding.code)).toEqual(['MESH0002'])
  expect(loaded.broken).toEqual([{ kind: 'file', file: 'large.yaml' }])
})

test('control characters of a value do not reach the terminal', () => {
  const text = JSON.stringify({ apiVersion: 'v1', kind: 'Service', metadata: { name: '\u001b[31mred' } })
  expect(JSON.stringify(loadSources([{ file: 'a.json', text }]).findings.map((finding) => finding.message))).not.toContain('\\u001b')
})
