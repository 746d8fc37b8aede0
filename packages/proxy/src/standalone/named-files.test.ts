import { buildSnapshot } from '@mesh/core/snapshot'
import { compileView } from '@mesh/core/compile'
import { expect, test } from 'vitest'
import { filesOf, withFilesIn } from './named-files.ts'
import { nodeOf } from './node-of.ts'

const text = `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: web }
spec:
  servers:
    - port: { number: 443, name: https, protocol: HTTPS }
      hosts: ['*']
      tls: { mode: SIMPLE, serverCertificate: certs/web.pem, privateKey: /etc/keys/web.pem }
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: books }
spec:
  hosts: [books.internal]
  resolution: STATIC
  ports: [{ number: 443, name: https, protocol: HTTP }]
  endpoints: [{ address: 127.0.0.1 }]
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: books }
spec: { host: books.internal, trafficPolicy: { tls: { mode: SIMPLE, caCertificates: ../books-ca.pem } } }
`

test('certificate files are looked for in the folder of the configuration, in front of clients and upstreams alike', () => {
  const snapshot = buildSnapshot({ sources: [{ file: 'web.yaml', text }] })
  const node = nodeOf({ as: 'gateway', name: 'edge', namespace: 'default', labels: undefined, address: undefined }, snapshot)
  const view = compileView(snapshot, node)
  expect(filesOf(withFilesIn(view, '/srv/edge'))).toEqual(['/srv/edge/certs/web.pem', '/etc/keys/web.pem', '/srv/books-ca.pem'])
  expect(filesOf(view)).toEqual(['certs/web.pem', '/etc/keys/web.pem', '../books-ca.pem'])
})
