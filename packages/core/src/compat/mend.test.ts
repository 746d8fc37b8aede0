import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compileView, nodesOf } from '../compile/index.ts'
import { buildSnapshot } from '../snapshot/index.ts'
import { mendSource } from './index.ts'

const mend = (text: string) => mendSource({ file: 'a.yaml', text })
const virtualService = (http: string) =>
  `apiVersion: networking.istio.io/v1 # kept\nkind: VirtualService\nmetadata: {name: reviews}\nspec:\n  hosts: [reviews]\n  http:\n${http}`

test('an old apiVersion becomes the one of today, with its quotes and the comment beside it', () => {
  expect(
    mend('# a rule\napiVersion: "networking.istio.io/v1alpha3" # old\nkind: DestinationRule\nmetadata: {name: a}\nspec: {host: a}\n'),
  ).toEqual({
    text: '# a rule\napiVersion: "networking.istio.io/v1" # old\nkind: DestinationRule\nmetadata: {name: a}\nspec: {host: a}\n',
    changes: [
      { line: 2, column: 1, what: 'DestinationRule a apiVersion', from: '"networking.istio.io/v1alpha3"', to: 'networking.istio.io/v1' },
    ],
    kept: [],
  })
})

test.each([
  ['RequestAuthentication', 'security.istio.io/v1beta1', 'security.istio.io/v1'],
  ['WorkloadGroup', 'networking.istio.io/v1alpha3', 'networking.istio.io/v1'],
  ['Telemetry', 'telemetry.istio.io/v1alpha1', 'telemetry.istio.io/v1'],
])('the apiVersion of a kind without effect here moves too: %s', (kind, from, to) => {
  const object = (version: string) => `apiVersion: ${version}\nkind: ${kind}\nmetadata: {name: a}\n`
  const { text, changes } = mend(object(from))
  expect(text).toBe(object(to))
  expect(changes.map(({ what }) => what)).toEqual([`${kind} a apiVersion`])
  expect(mend(text).changes).toEqual([])
})

test.each([
  ['EnvoyFilter', 'networking.istio.io/v1alpha3'],
  ['ProxyConfig', 'networking.istio.io/v1beta1'],
  ['WasmPlugin', 'extensions.istio.io/v1alpha1'],
  ['Telemetry', 'telemetry.istio.io/v7'],
  ['Telemetry', 'security.istio.io/v1beta1'],
])('an apiVersion that Istio has today, or never had, stays: %s %s', (kind, version) => {
  const object = `apiVersion: ${version}\nkind: ${kind}\nmetadata: {name: a}\n`
  expect(mend(object)).toEqual({ text: object, changes: [], kept: [] })
})

test('a field with another name is renamed where it stands, its value one step deeper', () => {
  const old = virtualService(
    '  - fault:\n      delay:\n        fixedDelay: 5s\n        percent: 10   # of all\n      abort: {percent: 20, httpStatus: 500}\n    route: [{destination: {host: reviews}}]\n',
  )
  const { text, changes } = mend(old)
  expect(text).toBe(
    old
      .replace('percent: 10   # of all', 'percentage:\n          value: 10   # of all')
      .replace('{percent: 20,', '{percentage: {value: 20},'),
  )
  expect(changes.map(({ line, column, from, to }) => [line, column, from, to])).toEqual([
    [10, 9, 'percent: 10', 'percentage: {value: 10}'],
    [11, 15, 'percent: 20', 'percentage: {value: 20}'],
  ])
})

test('a word that has changed is replaced', () => {
  const rule =
    'apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: a}\nspec: {host: a, trafficPolicy: {loadBalancer: {simple: LEAST_CONN}}}\n'
  expect(mend(rule).text).toBe(rule.replace('LEAST_CONN', 'LEAST_REQUEST'))
})

test.each([
  [
    'in a line of its own',
    '    - port:\n        number: 80\n        targetPort: 8080\n        protocol: HTTP\n',
    '    - port:\n        number: 80\n        protocol: HTTP\n',
  ],
  [
    'beside a comment',
    '    - port:\n        number: 80\n        targetPort: 8080 # why\n        protocol: HTTP\n',
    '    - port:\n        number: 80\n        # why\n        protocol: HTTP\n',
  ],
  ['between braces', '    - port: {number: 80, targetPort: 8080, protocol: HTTP}\n', '    - port: {number: 80, protocol: HTTP}\n'],
  ['last between braces', '    - port: {number: 80, protocol: HTTP, targetPort: 8080}\n', '    - port: {number: 80, protocol: HTTP}\n'],
])('a field that says nothing goes, %s', (_where, before, after) => {
  const gateway = (port: string) =>
    `apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata: {name: a}\nspec:\n  servers:\n${port}      hosts: ['*']\n`
  expect(mend(gateway(before)).text).toBe(gateway(after))
})

test('JSON stays JSON', () => {
  const json = JSON.stringify(
    {
      apiVersion: 'networking.istio.io/v1beta1',
      kind: 'VirtualService',
      metadata: { name: 'a' },
      spec: { hosts: ['a'], http: [{ fault: { abort: { percent: 5, httpStatus: 500 } }, route: [{ destination: { host: 'a' } }] }] },
    },
    undefined,
    2,
  )
  const { text } = mend(json)
  expect(JSON.parse(text)).toMatchObject({
    apiVersion: 'networking.istio.io/v1',
    spec: { http: [{ fault: { abort: { percentage: { value: 5 } } } }] },
  })
})

test('what an alias shares is changed once, and in all places', () => {
  const old = virtualService(
    '  - &slow\n    fault: {delay: &delay {fixedDelay: 5s, percent: 10}}\n    route: [{destination: {host: reviews}}]\n  - <<: *slow\n    name: again\n  - fault: {delay: *delay}\n    route: [{destination: {host: reviews}}]\n',
  )
  const { text, kept } = mend(old)
  expect(text).toBe(old.replace('percent: 10', 'percentage: {value: 10}'))
  expect(kept).toEqual([])
})

test('an anchor stays with its value', () => {
  const old = virtualService(
    '  - fault: {delay: {fixedDelay: 5s, percent: &ten 10}, abort: {httpStatus: 500, percent: *ten}}\n    route: [{destination: {host: reviews}, weight: *ten}]\n',
  )
  const { text, kept } = mend(old)
  expect(text).toBe(old.replace('percent: &ten 10', 'percentage: {value: &ten 10}').replace('percent: *ten', 'percentage: {value: *ten }'))
  expect(kept).toEqual([])
})

test('what cannot be changed alone is kept, and told', () => {
  const old =
    'apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: a}\nspec: {host: a, trafficPolicy: {loadBalancer: {simple: &word LEAST_CONN}}, subsets: [{name: b, labels: {c: *word}}]}\n'
  const { text, changes, kept } = mend(old)
  expect(text).toBe(old)
  expect(changes).toEqual([])
  expect(kept.map(({ what }) => what)).toEqual(['DestinationRule a spec.trafficPolicy.loadBalancer.simple'])
})

test('of two spellings the new one holds, and the old one goes', () => {
  const old = virtualService(
    '  - fault: {delay: {fixedDelay: 5s, percent: 10, percentage: {value: 20}}}\n    route: [{destination: {host: reviews}}]\n',
  )
  expect(mend(old).text).toBe(old.replace('percent: 10, ', ''))
})

test('what cannot be read is left as it is', () => {
  for (const text of ['', 'kind: [', '# nothing\n', 'apiVersion: apps/v1\nkind: Deployment\n', 'a: 1\n---\nb: ["\n'])
    expect(mend(text).text).toBe(text)
})

const folder = new URL('../compile/testdata/', import.meta.url)
const shop = readFileSync(new URL('shop.yaml', folder), 'utf8')
const cases = readdirSync(folder)
  .filter((name) => name.endsWith('.in.yaml'))
  .map((name) => readFileSync(new URL(name, folder), 'utf8'))
  .flatMap((text) => (/^---$/m.test(text) ? [text.slice(text.search(/^---$/m))] : []))

/** Spells a configuration as it was spelt years ago. */
function aged(text: string, version: string): string {
  return text
    .replaceAll(/networking\.istio\.io\/v1$/gm, `networking.istio.io/${version}`)
    .replaceAll(/security\.istio\.io\/v1$/gm, 'security.istio.io/v1beta1')
    .replaceAll(/percentage: \{value: (\d+)\}/g, 'percent: $1')
    .replaceAll('LEAST_REQUEST', 'LEAST_CONN')
    .replaceAll(/(port: \{number: \d+, (?:name: \w+, )?)protocol/g, '$1targetPort: 8080, protocol')
}

function told(text: string): { readonly views: string; readonly codes: readonly string[] } {
  const snapshot = buildSnapshot({
    sources: [
      { file: 'shop', text: shop },
      { file: 'case', text },
    ],
  })
  const views = nodesOf(snapshot).map((node) => ({ ...compileView(snapshot, node), snapshot: '' }))
  const place = (key: string, value: unknown): unknown => (key === 'origin' || key === 'origins' ? undefined : value)
  return { views: JSON.stringify(views, place), codes: snapshot.findings.map(({ code }) => code) }
}

test('the cases hold each kind of old spelling', () => {
  const all = cases.map((text) => aged(text, 'v1alpha3')).join('\n')
  for (const old of [
    'percent: ',
    'LEAST_CONN',
    'targetPort: 8080, protocol',
    'networking.istio.io/v1alpha3',
    'security.istio.io/v1beta1',
  ]) {
    expect(all).toContain(old)
  }
})

test('mended configuration means the same, says nothing of old spellings, and is not mended again', () => {
  fc.assert(
    fc.property(
      fc.shuffledSubarray(cases, { minLength: 1, maxLength: 8 }),
      fc.constantFrom('v1alpha3', 'v1beta1'),
      fc.constantFrom('\n', '\r\n'),
      (texts, version, newline) => {
        const old = aged(texts.join('\n'), version).replaceAll('\n', newline)
        const mended = mend(old)
        expect(mended.kept).toEqual([])
        const [before, after] = [told(old), told(mended.text)]
        expect(after.views).toBe(before.views)
        expect(after.codes).toEqual(before.codes.filter((code) => code !== 'IST0002'))
        expect(commentsOf(mended.text)).toEqual(commentsOf(old))
        expect(mend(mended.text)).toEqual({ text: mended.text, changes: [], kept: [] })
      },
    ),
    { numRuns: 15 },
  )
})

function commentsOf(text: string): readonly string[] {
  return text.match(/#.*$/gm) ?? []
}
