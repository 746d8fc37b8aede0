import { defineConfig } from 'vitest/config'

const conditions = ['@mesh/source', 'node', 'import', 'module', 'default']

const common = {
  ssr: { resolve: { conditions, externalConditions: conditions } },
}
const test = {
  execArgv: ['--conditions=@mesh/source'],
  // Each file starts no process of its own: that would be a quarter of the time.
  isolate: false,
  testTimeout: 20_000,
}

export default defineConfig({
  test: {
    maxWorkers: '100%',
    projects: [
      { ...common, test: { ...test, name: 'all', include: ['packages/*/src/**/*.test.ts', 'tools/**/*.test.ts', 'samples/**/*.test.ts'] } },
      // What carries traffic is tested once more on the other plug, which overwrites what it lent.
      { ...common, test: { ...test, name: 'fast', include: ['packages/proxy/src/**/*.test.ts'], env: { MESH_TEST_IO: 'fast' } } },
    ],
  },
})
