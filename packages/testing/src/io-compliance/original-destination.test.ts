import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const MAIN = fileURLToPath(new URL('testdata/redirect-main.ts', import.meta.url))
const RULES = [
  'add table inet mesh',
  'add chain inet mesh output { type nat hook output priority -100; }',
  'add rule inet mesh output tcp dport 80 redirect to :15001',
  'add rule inet mesh output tcp dport 81 redirect to :15002',
].join('; ')
const table = (command: string): string =>
  [80, 81].map((port) => `${command} -t nat -A OUTPUT -p tcp --dport ${port} -j REDIRECT --to-ports ${port + 14_921}`).join(' && ')
const REDIRECT = `ip link set lo up && { nft '${RULES}' || { ${table('iptables')} && ${table('ip6tables')}; }; }`

/** Runs in a network namespace of its own, where the kernel redirects; that ends with the command. */
function redirected(command: string) {
  const script = `{ ${REDIRECT}; } >&2 && ${command}`
  return promisify(execFile)('unshare', ['--net', 'sh', '-c', script, 'sh', process.execPath, MAIN])
}

const missing = await redirected('true').then(
  () => undefined,
  (error: Error) => error.message.trim().split('\n').at(-1),
)
if (missing !== undefined)
  process.stderr.write(`SKIPPED: no redirects in a network namespace here (${missing}); original destinations are not read\n`)

test.skipIf(missing !== undefined)('a connection that the kernel redirected tells where it was going, another one nothing', async () => {
  const { stdout } = await redirected('exec "$1" --conditions=@mesh/source "$2"')
  expect(JSON.parse(stdout)).toEqual({
    ipv4: [{ address: '127.0.0.9', port: 80 }, 'none'],
    ipv6: [{ address: '::1', port: 80 }, 'none'],
    direct: ['none', 'none'],
    portable: ['none', 'none'],
    faults: 0,
  })
})
