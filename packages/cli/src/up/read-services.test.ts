import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readServices } from './read-services.ts'
import { servedPorts } from './services.ts'

test('services are found in every document and list; what is broken or of another kind is passed over', () => {
  const dir = mkdtempSync(join(tmpdir(), 'mesh-services-'))
  try {
    writeFileSync(
      join(dir, 'a.yaml'),
      'kind: Service\nmetadata: {name: a}\nspec: {selector: {app: a}, ports: [{name: http, port: 80, targetPort: 8080}, {name: tcp, port: 9000, targetPort: named}]}\n---\nkind: ServiceAccount\nmetadata: {name: a}\n',
    )
    writeFileSync(
      join(dir, 'b.yaml'),
      'kind: List\nitems:\n- kind: Service\n  metadata: {name: b, namespace: other}\n  spec: {selector: {app: b}, ports: [{port: 1}]}\n',
    )
    writeFileSync(join(dir, 'broken.yaml'), 'kind: Service\n  metadata: [')
    const services = readServices([dir])
    expect(services).toEqual([
      {
        namespace: 'default',
        selector: { app: 'a' },
        ports: [
          { name: 'http', port: 80, target: 8080 },
          { name: 'tcp', port: 9000, target: 9000 },
        ],
      },
      { namespace: 'other', selector: { app: 'b' }, ports: [{ name: '', port: 1, target: 1 }] },
    ])
    expect(servedPorts(services, { namespace: 'default', labels: { app: 'a', version: 'v1' } }).map((port) => port.name)).toEqual([
      'http',
      'tcp',
    ])
    expect(servedPorts(services, { namespace: 'other', labels: { app: 'a' } })).toEqual([])
  } finally {
    rmSync(dir, { recursive: true })
  }
})

test('a service without a selector selects nobody', () => {
  expect(
    servedPorts([{ namespace: 'default', selector: {}, ports: [{ name: 'a', port: 1, target: 1 }] }], { namespace: 'default', labels: {} }),
  ).toEqual([])
})
