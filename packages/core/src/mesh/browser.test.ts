import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { rolldown } from 'rolldown'
import { expect, test } from 'vitest'

const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium'
const missing = !existsSync(CHROMIUM)
if (missing) process.stderr.write(`SKIPPED: the pure half was not run in a browser, since there is no ${CHROMIUM} (set CHROMIUM).\n`)

const YAML = `
apiVersion: v1
kind: Service
metadata: { name: reviews, namespace: default }
spec: { ports: [{ name: http, port: 9080 }], selector: { app: reviews } }
---
apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: { name: reviews-v1-0, namespace: default }
spec: { address: 127.64.0.5, labels: { app: reviews } }
`

async function bundle(): Promise<string> {
  const build = await rolldown({
    input: fileURLToPath(new URL('../index.ts', import.meta.url)),
    platform: 'browser',
    resolve: { conditionNames: ['@mesh/source', 'browser', 'import', 'default'] },
  })
  const { output } = await build.generate({ format: 'iife', name: 'mesh' })
  await build.close()
  return output[0].code
}

test.skipIf(missing)('the pure half runs in a browser: it reads YAML, decides and explains', async () => {
  const code = await bundle()
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
  try {
    const page = await browser.newPage()
    await page.addScriptTag({ content: code })
    const told = await page.evaluate(
      `(() => {
        const it = mesh.createMesh({ config: [{ file: 'reviews.yaml', text: ${JSON.stringify(YAML)} }, 'kind: ['], self: { namespace: 'default' } })
        const { outcome } = it.explain('http://reviews:9080/reviews/0')
        return { address: outcome.shares[0].endpoints[0].endpoint.address, errors: it.findings.filter((one) => one.severity === 'error').length }
      })()`,
    )
    expect(told).toEqual({ address: '127.64.0.5', errors: 1 })
  } finally {
    await browser.close()
  }
})
