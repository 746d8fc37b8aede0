import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensureInstalled } from './install.mjs'
import { fetchNode24, NODE_24 } from './node-24.mjs'
import { runScript, say } from './say.mjs'
import { runSuite, tell } from './suite.mjs'

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
/** What carries traffic: both plugs of the io port, of which the fast one goes by koffi there, and the proxy's HTTP on either. `--all`: all of the proxy. */
const IO = ['packages/io/src', 'packages/testing/src/io-compliance']
const PROXY = process.argv.includes('--all') ? ['packages/proxy/src'] : ['http', 'h2', 'pool'].map((part) => `packages/proxy/src/${part}`)
const TESTED = [...IO, ...PROXY]

await runScript(async () => {
  await ensureInstalled(ROOT, 'all')
  const fetched = await fetchNode24(ROOT)
  if ('missing' in fetched) {
    say(`skipped: the io port and the proxy on Node ${NODE_24} (${fetched.missing})`)
    return 0
  }
  const result = await runSuite({ root: ROOT, name: 'node24', node: fetched.node, args: [...TESTED, '--reporter=default'] })
  say('')
  tell(result)
  return result.code === 0 ? 0 : 1
})
