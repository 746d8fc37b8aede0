import { changeBetween, compileView, nodesOf } from '@mesh/core/compile'
import { buildSnapshot, type Snapshot } from '@mesh/core/snapshot'
import { expect, test } from 'vitest'
import { RULE, SHOP, workload } from '../testdata/shop.ts'
import { createViews, type Views } from './views.ts'

const registry = (...entries: readonly string[]): string => entries.join('\n---')
const first = workload('reviews-0', '127.2.0.1')
const second = workload('reviews-1', '127.2.0.2')
const build = (previous: Snapshot | undefined, entries: string, rule = RULE('v1')): Snapshot =>
  buildSnapshot({
    sources: [
      { file: 'shop.yaml', text: SHOP },
      { file: 'rule.yaml', text: rule },
      { file: 'registry.yaml', text: entries },
    ],
    ...(previous === undefined ? {} : { previous }),
  })

function using(snapshot: Snapshot): { readonly views: Views; next(after: Snapshot): void } {
  const views = createViews()
  let current = snapshot
  views.use(snapshot, 'all')
  return {
    views,
    next: (after) => {
      views.use(after, changeBetween(current, after))
      current = after
    },
  }
}

test('a change of endpoints keeps listeners, routes and clusters as they are, and equals a view made anew', () => {
  const before = build(undefined, registry(first))
  const node = nodesOf(before)[0]
  if (node === undefined) throw new Error('no node')
  const { views, next } = using(before)
  const old = views.of({ node, registered: true })
  const after = build(before, registry(first, second))
  next(after)
  const view = views.of({ node, registered: true })
  expect(view?.listeners).toBe(old?.listeners)
  expect(view?.routes).toBe(old?.routes)
  expect(view?.clusters).toBe(old?.clusters)
  expect(view?.endpoints).not.toEqual(old?.endpoints)
  expect(view).toEqual(compileView(after, node))
})

test('a change of rules makes the view anew', () => {
  const before = build(undefined, registry(first))
  const node = nodesOf(before)[0]
  if (node === undefined) throw new Error('no node')
  const { views, next } = using(before)
  views.of({ node, registered: true })
  const after = build(before, registry(first), RULE('v2'))
  next(after)
  expect(views.of({ node, registered: true })).toEqual(compileView(after, node))
})

test('a node that is registered only now gets what its registration brings', () => {
  const before = build(undefined, registry(first))
  const { views, next } = using(before)
  const after = build(before, registry(first, second))
  const node = nodesOf(after).find((one) => one.name === 'reviews-1')
  if (node === undefined) throw new Error('no node')
  expect(views.of({ node, registered: false })?.listeners.map((listener) => listener.name)).toEqual(['http_proxy'])
  next(after)
  expect(views.of({ node, registered: true })).toEqual(compileView(after, node))
  expect(views.of({ node, registered: true })?.listeners.map((listener) => listener.name)).toEqual(['127.2.0.2_9080', 'http_proxy'])
})

test('a registration that comes again, and says something else, is not served by what was known of the one before', () => {
  const before = build(undefined, registry(first, second))
  const node = nodesOf(before).find((one) => one.name === 'reviews-1')
  if (node === undefined) throw new Error('no node')
  const { views, next } = using(before)
  views.of({ node, registered: true })
  const without = build(before, registry(first))
  next(without)
  const elsewhere = workload('reviews-1', '127.2.0.2', `, mesh.io/app-ports: '{"9080":19999}'`)
  const again = build(without, registry(first, elsewhere))
  next(again)
  expect(JSON.stringify(views.of({ node, registered: true }))).toContain('19999')
  expect(views.of({ node, registered: true })).toEqual(compileView(again, node))
})

test('all nodes share what they know about workloads, before and after a change of endpoints', () => {
  const before = build(undefined, registry(first, second))
  const { views, next } = using(before)
  const shared = (snapshot: Snapshot) => new Set(nodesOf(snapshot).map((node) => views.of({ node, registered: true })?.workloads)).size
  expect(shared(before)).toBe(1)
  const after = build(before, registry(first, second, workload('reviews-2', '127.2.0.3')))
  next(after)
  expect(shared(after)).toBe(1)
  for (const node of nodesOf(after)) expect(views.of({ node, registered: true })).toEqual(compileView(after, node))
})
