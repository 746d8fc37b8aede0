import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  bareText,
  documentText,
  idKey,
  joinDocuments,
  locateObjects,
  removeObject,
  replaceObject,
  withNamespace,
  withoutField,
  yamlText,
  type Edited,
  type LocatedObject,
} from './index.ts'

const STREAM = `# Copyright: somebody

# reviews goes first
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: reviews   # the name
spec:
  hosts: [reviews]
# after reviews
---
# ratings, with care
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: ratings, namespace: shop}
spec: {hosts: [ratings]}
---
apiVersion: v1
kind: Namespace
metadata:
  name: shop
`

const LIST = `kind: List
apiVersion: v1
items:
- apiVersion: v1
  kind: Service
  metadata:
    name: one
  spec: # ports
    ports:
    - port: 80
# about two
- {apiVersion: v1, kind: Service, metadata: {name: two}, spec: {ports: [{port: 80}]}}
`

const named = (text: string, name: string): LocatedObject => {
  const found = locateObjects(text).objects.find((one) => one.name === name)
  if (found === undefined) throw new Error(`no ${name}`)
  return found
}
const keys = (text: string): string[] => locateObjects(text).objects.map(idKey)
const textOf = (edited: Edited): string => {
  if (edited.kind === 'refused') throw new Error(edited.reason)
  return edited.text
}
const replacement = (name: string, port: number) => {
  const value = { apiVersion: 'v1', kind: 'Service', metadata: { name }, spec: { ports: [{ port }] } }
  return { value, text: `apiVersion: v1\nkind: Service\nmetadata: {name: ${name}}\nspec:\n  ports:\n  - port: ${port} # new\n` }
}

test('objects are found with their places, in streams and in lists, also those of foreign kinds', () => {
  expect(locateObjects(STREAM).objects.map((one) => `${idKey(one)} ${one.line}:${one.column}`)).toEqual([
    'VirtualService/default/reviews 4:1',
    'VirtualService/shop/ratings 13:1',
    'Namespace//shop 18:1',
  ])
  expect(locateObjects(LIST).objects.map((one) => `${idKey(one)} ${one.line}:${one.column}`)).toEqual([
    'Service/default/one 4:3',
    'Service/default/two 12:3',
  ])
  expect(keys('apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: x}\n')).toEqual(['Deployment.apps/default/x'])
  expect(keys('apiVersion: networking.istio.io/v9\nkind: VirtualServce\nmetadata: {name: x}\n')).toEqual(['VirtualService/default/x'])
})

test('what is not readable is told with its place and the object that it seems to be', () => {
  const { objects, unreadable } = locateObjects(
    'apiVersion: v1\nkind: Service\nmetadata: {name: fine}\n---\nkind: Service\nmetadata:\n  name: torn\nspec: {ports: [\n',
  )
  expect(objects.map(idKey)).toEqual(['Service/default/fine'])
  expect(unreadable).toMatchObject([{ seems: { kind: 'Service', namespace: 'default', name: 'torn' } }])
})

test('an object is replaced in its place while every other line stays', () => {
  const value = { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', metadata: { name: 'reviews' }, spec: { hosts: ['all'] } }
  const text = 'apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: reviews}\nspec:\n  hosts: [all] # everybody\n'
  expect(textOf(replaceObject(STREAM, named(STREAM, 'reviews'), { text, value }))).toBe(
    STREAM.replace(/apiVersion: networking[^]*?hosts: \[reviews\]\n/, text),
  )
})

test('an item of a list is replaced at its own indentation, and in JSON as JSON', () => {
  expect(textOf(replaceObject(LIST, named(LIST, 'one'), replacement('one', 81)))).toBe(
    `kind: List\napiVersion: v1\nitems:\n- apiVersion: v1\n  kind: Service\n  metadata: {name: one}\n  spec:\n    ports:\n    - port: 81 # new\n${LIST.slice(LIST.indexOf('# about two'))}`,
  )
  const json = JSON.stringify({ kind: 'List', apiVersion: 'v1', items: [replacement('one', 80).value, replacement('two', 80).value] })
  const edited: unknown = JSON.parse(textOf(replaceObject(json, named(json, 'two'), replacement('two', 81))))
  expect(edited).toMatchObject({ items: [{ spec: { ports: [{ port: 80 }] } }, { spec: { ports: [{ port: 81 }] } }] })
})

test('a removed object takes its own comments along and leaves those of others', () => {
  expect(textOf(removeObject(STREAM, named(STREAM, 'reviews')))).toBe(`# Copyright: somebody\n\n${STREAM.slice(STREAM.indexOf('---'))}`)
  expect(textOf(removeObject(STREAM, named(STREAM, 'ratings')))).toBe(STREAM.replace(/---\n# ratings[^]*?---/, '---'))
  const bare = STREAM.slice(STREAM.indexOf('apiVersion'))
  expect(textOf(removeObject(bare, named(bare, 'reviews')))).toBe(STREAM.slice(STREAM.indexOf('# ratings')))
  expect(textOf(removeObject(LIST, named(LIST, 'two')))).toBe(LIST.slice(0, LIST.indexOf('# about two')))
  const left = textOf(removeObject(LIST, named(LIST, 'one')))
  expect(keys(left)).toEqual(['Service/default/two'])
  expect(keys(textOf(removeObject(left, named(left, 'two'))))).toEqual([])
  const flow = '{"kind": "List", "apiVersion": "v1", "items": [{"kind": "A", "apiVersion": "v1"}, {"kind": "B", "apiVersion": "v1"}]}'
  const [first, second] = locateObjects(flow).objects
  expect(keys(textOf(removeObject(flow, first ?? named(flow, ''))))).toEqual(['B/default/'])
  expect(keys(textOf(removeObject(flow, second ?? named(flow, ''))))).toEqual(['A/default/'])
})

test('what others refer to by an alias is not taken from them', () => {
  const text =
    'kind: List\napiVersion: v1\nitems:\n- {apiVersion: v1, kind: Service, metadata: {name: a}, spec: &s {ports: [{port: 1}]}}\n- {apiVersion: v1, kind: Service, metadata: {name: b}, spec: *s}\n'
  expect(removeObject(text, named(text, 'a'))).toMatchObject({ kind: 'refused', reason: expect.stringContaining('Service a') })
  expect(textOf(replaceObject(text, named(text, 'b'), { text: 'x: *s\n', value: replacement('b', 2).value }))).toContain('port: 2')
})

test('the text of an object can stand alone: with the comments of its document, or bare', () => {
  expect(documentText(STREAM, named(STREAM, 'ratings'))).toMatch(/^# ratings, with care\napiVersion[^]*hosts: \[ratings\]}\n$/)
  expect(documentText(`# c\n--- # d\n${bareText(LIST, named(LIST, 'one'))}...\n# end`, named(LIST, 'one')).startsWith('kind')).toBe(false)
  expect(bareText(LIST, named(LIST, 'one'))).toBe(
    'apiVersion: v1\nkind: Service\nmetadata:\n  name: one\nspec: # ports\n  ports:\n  - port: 80\n',
  )
  expect(joinDocuments(['a: 1', '', '---\nb: 2', 'c: 3\n'])).toBe('a: 1\n---\nb: 2\n---\nc: 3\n')
})

test('a namespace is written in beside the name, in block, flow and JSON alike', () => {
  const shop = (text: string, name: string): string => textOf(withNamespace(text, named(text, name), 'shop'))
  expect(shop(STREAM, 'reviews')).toBe(STREAM.replace('  name: reviews', '  namespace: shop\n  name: reviews'))
  expect(shop(LIST, 'two')).toBe(LIST.replace('{name: two}', '{namespace: shop, name: two}'))
  const json = '{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "x"}}'
  expect(JSON.parse(shop(json, 'x'))).toMatchObject({ metadata: { name: 'x', namespace: 'shop' } })
})

test('fields are taken out, whatever the style', () => {
  const text =
    'apiVersion: v1\nkind: Service\nmetadata:\n  resourceVersion: abc # old\n  name: x\nstatus:\n  conditions:\n  - a\nspec: {}\n'
  const dropped = textOf(withoutField(text, named(text, 'x'), ['metadata', 'resourceVersion']))
  expect(textOf(withoutField(dropped, named(dropped, 'x'), ['status']))).toBe(
    'apiVersion: v1\nkind: Service\nmetadata:\n  name: x\nspec: {}\n',
  )
  const flow = '{"apiVersion":"v1","kind":"Service","metadata":{"name":"x","resourceVersion":"abc"},"status":{}}'
  expect(JSON.parse(textOf(withoutField(flow, named(flow, 'x'), ['metadata', 'resourceVersion'])))).toMatchObject({
    metadata: { name: 'x' },
  })
  expect(textOf(withoutField(text, named(text, 'x'), ['metadata', 'uid']))).toBe(text)
})

test('every value that YAML can say comes back from its text, whatever it looks like', () => {
  const words = fc.oneof(
    fc.string(),
    fc.constantFrom('yes', 'off', '012', '1e3', '12:30:00', '2024-01-01', '~', '', '=', '<<', 'null', '0x1f', '1_000'),
  )
  fc.assert(
    fc.property(
      fc.array(words, { maxLength: 5 }),
      fc.dictionary(
        words.filter((key) => key !== '__proto__'),
        words,
        { maxKeys: 4 },
      ),
      (list, map) => {
        const value = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' }, data: map, list }
        const text = `# before\n${replacement('y', 1).text}---\n${replacement('x', 1).text}`
        const edited = textOf(replaceObject(text, named(text, 'x'), { text: yamlText(value), value }))
        expect(named(edited, 'x').value).toEqual(JSON.parse(JSON.stringify(value)))
      },
    ),
    { numRuns: 60 },
  )
})

test('any text is taken without a throw', () => {
  fc.assert(
    fc.property(
      fc.string({
        unit: fc.constantFrom('a', ':', ' ', '\n', '-', '---\n', '{', '}', '[', '#', '&a', '*a', '"', 'kind: List\n', 'items:\n'),
      }),
      (text) => {
        const editAll = (): void => {
          for (const object of locateObjects(text).objects) {
            removeObject(text, object)
            replaceObject(text, object, replacement('x', 1))
            documentText(text, object)
            withNamespace(text, object, 'x')
          }
        }
        expect(editAll).not.toThrow()
      },
    ),
    { numRuns: 150 },
  )
})
