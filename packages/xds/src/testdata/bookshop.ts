import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { compileView, nodesOf } from '@mesh/core/compile'
import { buildSnapshot } from '@mesh/core/snapshot'
import type { View } from '@mesh/core/view'

const SAMPLE = fileURLToPath(new URL('../../../../samples/bookshop/', import.meta.url))

/** Where Envoy must be started so that the certificate files of the sample are found. */
export const SAMPLE_DIR = SAMPLE

export interface SampleView {
  /** The networking file that is in force, and the node. */
  readonly name: string
  readonly view: View
}

/** What pilot serves to each node of the sample application, under each of its networking examples, with and without mesh identity. */
export function sampleViews(): readonly SampleView[] {
  const config = folder('config')
  const registry = { file: 'registry.yaml', text: REPLICAS.map(workloadEntry).join('---\n') }
  return folder('networking').flatMap((networking) => {
    const snapshot = buildSnapshot({ sources: [...config, networking, registry] })
    return nodesOf(snapshot).flatMap((node) =>
      [true, false].map((identity) => ({
        name: `${networking.file} ${node.name}${identity ? '' : ' without identity'}`,
        view: compileView(snapshot, { ...node, identity }),
      })),
    )
  })
}

function folder(name: string) {
  return readdirSync(SAMPLE + name).map((file) => ({ file: `${name}/${file}`, text: readFileSync(`${SAMPLE}${name}/${file}`, 'utf8') }))
}

const REPLICAS = [
  { name: 'productpage-v1', port: 'http: 9080' },
  { name: 'reviews-v2', port: 'http: 9080' },
  { name: 'tcp-echo-v1', port: 'tcp: 9000' },
  { name: 'istio-ingressgateway-v1', port: 'http2: 8080', gateway: true },
]

function workloadEntry({ name, port, gateway }: (typeof REPLICAS)[number], index: number): string {
  const [app, version] = name.split(/-(?=v\d)/)
  return `
apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata:
  name: ${name}-0
  namespace: ${gateway === true ? 'istio-system' : 'default'}
  annotations: { mesh.io/workload: ${name}${gateway === true ? ', mesh.io/proxy: gateway' : ', mesh.io/app-ports: \'{"9080":34567,"9000":34568}\''} }
spec:
  address: 127.64.0.${index + 2}
  serviceAccount: bookinfo-${app}
  labels: { app: ${app}, version: ${version}, istio: ${gateway === true ? 'ingressgateway' : 'none'}, security.istio.io/tlsMode: istio }
  ports: { ${port} }
`
}
