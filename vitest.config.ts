import { defineConfig } from 'vitest/config'

const conditions = ['@mesh/source', 'node', 'import', 'module', 'default']

export default defineConfig({
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    execArgv: ['--conditions=@mesh/source'],
    include: ['packages/*/src/**/*.test.ts', 'tools/**/*.test.ts', 'samples/**/*.test.ts'],
    testTimeout: 20_000,
  },
})
