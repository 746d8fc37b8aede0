import { expect, test } from 'vitest'
import { staticBootstrap } from './envoy/static-bootstrap.ts'
import { SAMPLE_DIR, sampleViews } from './testdata/bookshop.ts'
import { findEnvoy, validateWithEnvoy } from './testdata/envoy.ts'
import { decodeView, encodeView } from './view-codec.ts'

const envoy = await findEnvoy()
const views = sampleViews()

test('the sample gives each node something to serve', () => {
  expect(views.length).toBeGreaterThan(50)
  for (const { name, view } of views)
    expect(
      [view.listeners.length, view.clusters.length, view.endpoints.length].every((length) => length > 0),
      name,
    ).toBe(true)
})

test('each view of the sample comes back as it was', () => {
  for (const { name, view } of views) expect(decodeView(encodeView(view), view.snapshot), name).toEqual({ view, rejections: [] })
})

test.skipIf(envoy === undefined)(
  'a real Envoy accepts each view of the sample',
  async () => {
    for (const { name, view } of views) expect(await validateWithEnvoy(envoy ?? '', staticBootstrap(view), SAMPLE_DIR), name).toBe('')
  },
  120_000,
)
