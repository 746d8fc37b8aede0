import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readMeshFile } from './read-mesh-file.ts'

const GOOD = `name: shop
config: config
gateways:
  ingress:
    labels: { istio: ingress }
processes:
  web:
    command: node web.js
    port: 9080
    env: { DEBUG: true, LEVEL: 3 }
`

const read = (text: string) => readMeshFile({ text, file: 'mesh.yaml', isFolder: (path) => path !== 'nowhere' })

const mistakesOf = (text: string): readonly string[] => {
  const answer = read(text)
  if (answer.kind === 'read') return []
  return answer.findings.map(({ code, message, fix, origin }) =>
    [`${origin.line}:${origin.column}`, code, message, ...(fix === undefined ? [] : [fix])].join(' '),
  )
}

test('a mesh file is read with its defaults', () => {
  expect(read(GOOD)).toMatchObject({
    kind: 'read',
    mesh: {
      config: ['config'],
      trustDomain: 'cluster.local',
      gateways: { ingress: { namespace: 'istio-system', address: '127.0.0.1' } },
      processes: { web: { replicas: 1, namespace: 'default', sidecar: true, env: { DEBUG: 'true', LEVEL: '3' } } },
    },
  })
})

test.each([
  ['an unknown field', GOOD.replace('command:', 'comand:'), '8:5 MESH0301 Unknown field `comand`. Write `command`.'],
  ['an unknown field at the top', GOOD.replace('processes:', 'proceses:'), '6:1 MESH0301 Unknown field `proceses`. Write `processes`.'],
  ['a number that is too big', GOOD.replace('9080', '90800'), '9:5 MESH0302 `port` must be at most 65535 (it is 90800).'],
  ['a missing field', GOOD.replace('config: config\n', ''), '1:1 MESH0302 `config` is missing.'],
  ['an address that is none', GOOD.replace('labels:', 'address: x\n    labels:'), '5:5 MESH0302 `address` is no IPv4 address (it is "x").'],
  ['an empty folder name', GOOD.replace('config: config', "config: ''"), '2:1 MESH0302 `config` must not be empty (it is "").'],
  ['a value that is of no form', GOOD.replace('config: config', 'config: 3'), '2:1 MESH0302 `config` must be text or a list (it is 3).'],
  ['a choice', `${GOOD}    sidecar: no\n`, '11:5 MESH0302 `sidecar` must be `true` or `false` or `external` (it is "no").'],
  ['an empty file', '# nothing\n', '1:1 MESH0302 The file is empty. Write `name` and `config` at least; `meshctl init` writes an example.'],
  [
    'a folder that does not exist',
    GOOD.replace('config: config', 'config:\n  - there\n  - nowhere'),
    '4:5 MESH0303 The configuration folder `nowhere` does not exist. Make it, or write where it is.',
  ],
])('%s is told with its place, code and what to do', (_, text, told) => {
  expect(mistakesOf(text)).toEqual([told])
})

test('text that is no YAML is told at its place', () => {
  expect(mistakesOf('name: [')[0]).toMatch(/^1:\d+ MESH0001 .*\.$/)
})

test('a name that cannot be is told with what may be, and so is every other mistake, under it too', () => {
  const text = GOOD.replace('web:', 'my.app:').replace('command:', 'comand:').replace('9080', '0').replace('labels:', 'lables:')
  expect([...mistakesOf(text)].sort()).toEqual([
    '5:5 MESH0301 Unknown field `lables`. Write `labels`.',
    '7:3 MESH0302 `my.app` is no name here, which takes lower case letters, digits and dashes (at most 63, no dash at an end).',
    '8:5 MESH0301 Unknown field `comand`. Write `command`.',
    '9:5 MESH0302 `port` must be at least 1 (it is 0).',
  ])
})

test('a mistake inside a probe is told with the nearest field of a probe', () => {
  const text = 'name: a\nconfig: c\nprocesses:\n  web:\n    port: 80\n    probe:\n      httpGet: { paht: /x }\n      periodSecond: 1\n'
  expect(mistakesOf(text)).toEqual([
    '7:18 MESH0301 Unknown field `paht`. Write `path`.',
    '8:7 MESH0301 Unknown field `periodSecond`. Write `periodSeconds`.',
  ])
})

test('a path of a probe that no request can have is told with how to write it', () => {
  const text = 'name: a\nconfig: c\nprocesses:\n  web:\n    port: 80\n    probe:\n      httpGet:\n        path: /health check\n'
  expect(mistakesOf(text)).toEqual(['8:9 MESH0302 `path` is no path of a request, in which a space is `%20` (it is "/health check").'])
})

test('a probe of what takes no calls is refused at its place', () => {
  const text = 'name: a\nconfig: c\nprocesses:\n  web:\n    command: run\n    probe:\n      tcpSocket: {}\n'
  expect(mistakesOf(text)).toEqual(['6:5 MESH0302 `probe` cannot be where no calls are taken. Write `port` too, or leave it out.'])
})

test('what the documentation shows of a mesh.yaml can be read', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../../docs/laptop.md'), 'utf8')
  const blocks = [...page.matchAll(/^```yaml.*\n([^]*?)^```$/gm)].map(([, text = '']) =>
    text.startsWith('name:') ? text : `name: shop\nconfig: config\n${text}`,
  )
  expect(blocks.length).toBeGreaterThan(1)
  expect(blocks.flatMap(mistakesOf)).toEqual([])
})
