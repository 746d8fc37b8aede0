import fc from 'fast-check'
import { expect, test } from 'vitest'
import { EMPTY_VIEW } from '@mesh/core/view'
import { viewArbitrary } from './testdata/view-arbitrary.ts'
import { decodeView, encodeView } from './view-codec.ts'

test('a view that was encoded and decoded is the same view', () => {
  fc.assert(
    fc.property(viewArbitrary, (view) => {
      expect(decodeView(encodeView(view), view.snapshot)).toEqual({ view, rejections: [] })
    }),
    { numRuns: 300 },
  )
})

test('the empty view has no resources', () => {
  expect(Object.values(encodeView(EMPTY_VIEW)).map((resources) => resources.size)).toEqual([0, 0, 0, 0, 0])
})

test('equal parts have equal versions, and a part that did not change is not encoded again', () => {
  fc.assert(
    fc.property(viewArbitrary, (view) => {
      const first = encodeView(view)
      const copy = encodeView(structuredClone(view))
      const again = encodeView({ ...view })
      for (const type of ['CDS', 'EDS', 'LDS', 'RDS', 'WDS'] as const) {
        expect([...copy[type].values()]).toEqual([...first[type].values()])
        for (const [name, resource] of first[type]) expect(again[type].get(name)).toBe(resource)
      }
    }),
    { numRuns: 30 },
  )
})
