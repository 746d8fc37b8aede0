import { defineConfig } from 'vitest/config'

const conditions = ['@mesh/source', 'node', 'import', 'module', 'default']

export default defineConfig({
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    execArgv: ['--conditions=@mesh/source'],
    // Each file starts no process of its own: that would be a quarter of the time.
    isolate: false,
    maxWorkers: '100%',
    include: ['packages/*/src/**/*.test.ts', 'tools/**/*.test.ts', 'samples/**/*.test.ts'],
    testTimeout: 20_000,
  },
})
