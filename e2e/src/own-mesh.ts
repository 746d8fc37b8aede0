import { appendFileSync, copyFileSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Mesh, meshctlIn } from './mesh.ts'

const ECHO = `
  echo:
    command: node app/echo.mjs
    port: 8001
    replicas: 2
    labels: { app: echo, version: v1 }
    probe: { httpGet: { path: /healthz }, periodSeconds: 0.2, failureThreshold: 2 }
  by-hand:
    port: 8002
    labels: { app: by-hand, version: v1 }
`

/** Nothing is tried again: each failure is seen. */
const service = (name: string, port: number): string => `apiVersion: v1
kind: Service
metadata:
  name: ${name}
spec:
  selector:
    app: ${name}
  ports:
  - name: http
    port: ${port}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: ${name}
spec:
  hosts:
  - ${name}
  http:
  - retries:
      attempts: 0
    route:
    - destination:
        host: ${name}
`

/** A folder in which `meshctl init` was called, and the application of a test was added. */
export async function ownFolder(): Promise<string> {
  const dir = mkdtempSync(join(tmpdir(), 'mesh-own-'))
  const told = await meshctlIn(dir, 'init')
  if (told.code !== 0) throw new Error(told.stderr)
  appendFileSync(join(dir, 'mesh.yaml'), ECHO)
  copyFileSync(join(import.meta.dirname, 'echo-app.mjs'), join(dir, 'app/echo.mjs'))
  writeFileSync(join(dir, 'config/echo.yaml'), service('echo', 8001))
  writeFileSync(join(dir, 'config/by-hand.yaml'), service('by-hand', 8002))
  return dir
}

/** The mesh of such a folder, running. */
export async function startOwnMesh(): Promise<Mesh> {
  return Mesh.startIn(await ownFolder())
}
