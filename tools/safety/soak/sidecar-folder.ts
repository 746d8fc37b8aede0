import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The application, and who calls it: the caller has a sidecar, and no process of its own. */
export const [APP, CALLER] = ['web-v1', 'caller']
export const URL_OF_APP = 'http://web:8000'

/** SVIDs are renewed again and again while the load goes on. */
const SVID_SECONDS = 40

const MESH = `name: soak
config: config
ca: { workloadTtlSeconds: ${SVID_SECONDS} }
processes:
  ${APP}:
    command: node app.ts
    port: 8000
    serviceAccount: web
    labels: { app: web, version: v1 }
  ${CALLER}:
    port: 8001
    serviceAccount: caller
    labels: { app: caller, version: v1 }
`

const CONFIG = `apiVersion: v1
kind: Service
metadata: { name: web }
spec:
  selector: { app: web }
  ports: [{ name: http, port: 8000 }]
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: istio-system }
spec: { mtls: { mode: STRICT } }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: web }
spec:
  host: web.default.svc.cluster.local
  trafficPolicy: { connectionPool: { http: { idleTimeout: 3s } } }
`

/** The folder of a mesh of two sidecars that speak mTLS alone. */
export function writeMesh(dir: string): void {
  mkdirSync(join(dir, 'config'), { recursive: true })
  writeFileSync(join(dir, 'mesh.yaml'), MESH)
  writeFileSync(join(dir, 'config/web.yaml'), CONFIG)
  writeFileSync(join(dir, 'config/rules.yaml'), rules(0))
  copyFileSync(join(import.meta.dirname, 'sidecar-app-main.ts'), join(dir, 'app.ts'))
}

/** Another one with each turn: of routes, and of who may call. The caller always may. */
export function rules(turn: number): string {
  return `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: web }
spec:
  hosts: [web]
  http:
    - timeout: ${10 + (turn % 5)}s
      headers: { response: { set: { x-turn: '${turn}' } } }
      route: [{ destination: { host: web } }]
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: web }
spec:
  selector: { matchLabels: { app: web } }
  rules:
    - from: [{ source: { principals: ['cluster.local/ns/default/sa/caller', 'cluster.local/ns/default/sa/other-${turn}'] } }]
`
}
