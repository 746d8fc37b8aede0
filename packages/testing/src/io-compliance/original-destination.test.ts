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
  'add chain inet mesh divert { type filter hook prerouting priority -150; }',
  'add rule inet mesh divert tcp dport 82 meta nfproto ipv4 tproxy ip to :15003 accept',
  'add rule inet mesh divert tcp dport 82 meta nfproto ipv6 tproxy ip6 to [::1]:15004 accept',
].join('; ')
/** All addresses of these networks are in the namespace, so that what goes to them comes in again. */
const NETWORKS = 'ip route add local 203.0.113.0/24 dev lo && ip -6 route add local 2001:db8::/32 dev lo'
const REDIRECT = `ip link set lo up && ${NETWORKS} && nft '${RULES}'`

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

test.skipIf(missing !== undefined)(
  'a connection that the kernel redirected or diverted tells where it was going, another one nothing',
  async () => {
    const { stdout } = await redirected('exec "$1" --conditions=@mesh/source "$2"')
    expect(JSON.parse(stdout)).toEqual({
      ipv4: [{ address: '127.0.0.9', port: 80 }, 'none'],
      ipv6: [{ address: '::1', port: 80 }, 'none'],
      direct: ['none', 'none'],
      diverted: [{ address: '203.0.113.9', port: 82 }, 'none'],
      divertedV6: [{ address: '2001:db8::9', port: 82 }, 'none'],
      called: ['none', 'none'],
      refused: '127.0.0.1:15005 cannot be bound: the portable plug takes no diverted connections',
      portable: ['none', 'none'],
      faults: 0,
    })
  },
)
