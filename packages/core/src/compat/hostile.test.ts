import fc from 'fast-check'
import { expect, test } from 'vitest'
import { loadSources } from '../config/index.ts'
import { compatReport, mendSource } from './index.ts'

const SEEDS = [
  'apiVersion: networking.istio.io/v1alpha3\nkind: VirtualService\nmetadata:\n  name: a\nspec:\n  hosts: [reviews]\n  http:\n  - fault: # slow\n      delay:\n        percent: 10\n        fixedDelay: 5s\n    route: [{destination: {host: reviews}}]\n',
  'apiVersion: networking.istio.io/v1beta1\nkind: Gateway\nmetadata: {name: a}\nspec:\n  servers:\n  - port: {number: 80, targetPort: 8080, protocol: HTTP}\n    hosts: ["*"]\n',
  '{"apiVersion": "networking.istio.io/v1alpha3", "kind": "DestinationRule", "metadata": {"name": "a"}, "spec": {"host": "a", "trafficPolicy": {"loadBalancer": {"simple": "LEAST_CONN"}}}}\n',
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
  '<<: *a',
  '|',
  '#',
  '---\n',
  '? ',
  '\t',
  '\r\n',
  '\uFEFF',
  'percent',
  '__proto__',
]

const spliced = fc
  .record({
    seed: fc.constantFrom(...SEEDS),
    edits: fc.array(fc.record({ at: fc.nat(300), cut: fc.nat(8), put: fc.constantFrom(...PIECES) }), { maxLength: 4 }),
  })
  .map(({ seed, edits }) => edits.reduce((text, { at, cut, put }) => text.slice(0, at) + put + text.slice(at + cut), seed))

test('whatever the text, what is mended has no new mistakes and as many objects, and nothing throws', () => {
  const outline = (text: string) => {
    const { objects, findings, broken } = loadSources([{ file: 'a.yaml', text }])
    return [
      objects.map(({ kind, meta }) => [kind, meta.name]),
      broken.length,
      findings.filter(({ severity }) => severity === 'error').length,
    ]
  }
  fc.assert(
    fc.property(fc.oneof(spliced, fc.string()), (text) => {
      const mended = mendSource({ file: 'a.yaml', text })
      expect(mended.changes.length > 0 || mended.text === text).toBe(true)
      expect(outline(mended.text)).toEqual(outline(text))
      expect(mendSource({ file: 'a.yaml', text: mended.text }).text).toBe(mended.text)
      compatReport([{ file: 'a.yaml', text }])
    }),
    { numRuns: 600 },
  )
})
