import { defineConfig } from 'vitest/config'

const conditions = ['@mesh/source', 'node', 'import', 'module', 'default']

export default defineConfig({
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    root: import.meta.dirname,
    include: ['**/*.e2e.ts'],
    fileParallelism: false,
    globalSetup: ['src/pack.ts'],
    execArgv: ['--conditions=@mesh/source'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    reporters: ['verbose'],
  },
})
