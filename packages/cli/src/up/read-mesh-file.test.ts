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

test('a mesh file is read with its defaults', () => {
  const read = readMeshFile(GOOD, 'mesh.yaml')
  expect(read).toMatchObject({
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
  ['an unknown field', GOOD.replace('command:', 'comand:'), /^mesh\.yaml:8:5: no field is called comand; write command$/],
  [
    'an unknown field at the top',
    GOOD.replace('processes:', 'proceses:'),
    /^mesh\.yaml:6:1: no field is called proceses; write processes$/,
  ],
  ['a field that is like nothing', GOOD.replace('command:', 'zzzzzz:'), /^mesh\.yaml:8:5: no field is called zzzzzz$/],
  ['a bad value', GOOD.replace('9080', '90800'), /^mesh\.yaml:9:5: processes\.web\.port: .*65535/],
  ['a missing field', GOOD.replace('config: config\n', ''), /^mesh\.yaml:1:1: config: /],
  ['text that is no YAML', 'name: [', /^mesh\.yaml:1:\d+: /],
])('%s is told with its place', (_, text, told) => {
  const read = readMeshFile(text, 'mesh.yaml')
  if (read.kind !== 'refused') throw new Error('it was read')
  expect(read.mistakes[0]).toMatch(told)
})

const mistakesOf = (text: string): readonly string[] => {
  const read = readMeshFile(text, 'mesh.yaml')
  return read.kind === 'refused' ? read.mistakes : []
}

test('a mistake inside a probe is told with the nearest field of a probe', () => {
  const text = 'name: a\nconfig: c\nprocesses:\n  web:\n    port: 80\n    probe:\n      httpGet: { paht: /x }\n      periodSecond: 1\n'
  expect(mistakesOf(text)).toEqual([
    'mesh.yaml:7:18: no field is called paht; write path',
    'mesh.yaml:8:7: no field is called periodSecond; write periodSeconds',
  ])
})

test('a probe of what takes no calls is refused at its place', () => {
  const text = 'name: a\nconfig: c\nprocesses:\n  web:\n    command: run\n    probe:\n      tcpSocket: {}\n'
  expect(mistakesOf(text)).toEqual(['mesh.yaml:6:5: processes.web.probe: what takes no calls needs no probe; write port'])
})

test('what the documentation shows of a mesh.yaml can be read', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../../docs/laptop.md'), 'utf8')
  const blocks = [...page.matchAll(/^```yaml.*\n([^]*?)^```$/gm)].map(([, text = '']) =>
    text.startsWith('name:') ? text : `name: shop\nconfig: config\n${text}`,
  )
  expect(blocks.length).toBeGreaterThan(1)
  expect(blocks.flatMap(mistakesOf)).toEqual([])
})
