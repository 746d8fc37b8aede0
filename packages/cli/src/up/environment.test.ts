import { expect, test } from 'vitest'
import { appEnvironment, planeEnvironment } from './environment.ts'
import { foldersOf, type Plan, type PlannedWorkload } from './plan.ts'

const plan = { folders: foldersOf('/m') } as Plan
const workload = {
  kind: 'sidecar',
  name: 'web-0',
  namespace: 'default',
  address: '127.64.1.1',
  proxy: { outbound: 15001 },
} as PlannedWorkload
const app = { command: 'web', env: { COLOR: 'red' }, servicePort: 9080, listen: { host: '127.0.0.1', port: 4000 }, probe: null }
const BASE = { PATH: '/bin', HOME: '/home/me', http_proxy: 'http://corporate:3128', NODE_OPTIONS: '--inspect', npm_config_cache: 'x' }

test('an application finds its place and its sidecar in the environment, in both spellings', () => {
  expect(appEnvironment({ plan, env: BASE, compileCache: '/cache' }, workload, app)).toMatchObject({
    HOME: '/home/me',
    HOST: '127.0.0.1',
    PORT: '4000',
    WORKLOAD_NAME: 'web-0',
    HTTP_PROXY: 'http://127.64.1.1:15001',
    http_proxy: 'http://127.64.1.1:15001',
    NO_PROXY: 'localhost,127.0.0.1',
    NODE_USE_ENV_PROXY: '1',
    COLOR: 'red',
  })
})

test("nobody inherits npm's variables, Node's options or the proxies of the surrounding network", () => {
  const outside = appEnvironment({ plan, env: BASE, compileCache: '/cache' }, { ...workload, kind: 'outside', proxy: null }, app)
  const plane = planeEnvironment({ plan, env: { ...BASE, https_proxy: 'http://corporate:3128' }, compileCache: '/cache' })
  for (const env of [outside, plane]) expect(Object.keys(env).filter((name) => /proxy|npm|node_options/i.test(name))).toEqual([])
})
