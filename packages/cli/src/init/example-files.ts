import { CALLER_SH, GREETER_MJS, GREETER_PY, WEB_MJS } from './example-apps.ts'

export interface Example {
  /** Of the mesh. */
  readonly name: string
  /** Where callers from outside come in. */
  readonly port: number
  /** Whether Python 3 is there; else the greeter is in JavaScript too. */
  readonly python: boolean
  /** Whether curl is there; else nobody calls from inside. */
  readonly curl: boolean
}

/** The files of a new mesh, by path: a page in JavaScript which asks a greeter in Python, and a caller that is a shell script. */
export function exampleFiles(example: Example): ReadonlyMap<string, string> {
  return new Map([
    ['mesh.yaml', meshYaml(example)],
    ['app/web.mjs', WEB_MJS],
    example.python ? ['app/greeter.py', GREETER_PY] : ['app/greeter.mjs', GREETER_MJS],
    ...(example.curl ? [['app/caller.sh', CALLER_SH] as const] : []),
    ['config/services.yaml', SERVICES],
    ['config/ingress.yaml', ingressYaml(example)],
    ['config/mesh-config.yaml', MESH_CONFIG],
  ])
}

function meshYaml({ name, python, curl }: Example): string {
  const caller = `  # Calls others, and takes no calls itself.
  caller:
    command: sh app/caller.sh
    serviceAccount: caller
    labels: { app: caller, version: v1 }
`
  return `# What runs in this mesh on this machine. \`meshctl up\` starts it, Ctrl-C or \`meshctl down\` ends it.
name: ${name}
config: config

# Where callers from outside come in; config/ingress.yaml says where they go.
gateways:
  ingress:
    labels: { app: ingress }
    page: /

# Any program in any language. It listens on $HOST:$PORT, and calls others by their names through $HTTP_PROXY: its sidecar.
processes:
  web:
    command: node app/web.mjs
    port: 8000
    serviceAccount: web
    labels: { app: web, version: v1 }
  greeter:
    command: ${python ? 'python3 app/greeter.py' : 'node app/greeter.mjs'}
    port: 8000
    replicas: 2
    serviceAccount: greeter
    labels: { app: greeter, version: v1 }
    # As long as this fails a replica takes no calls.
    probe: { httpGet: { path: /healthz }, periodSeconds: 2 }
${curl ? caller : ''}`
}

const SERVICES = `# Under which names the processes of mesh.yaml are called: \`http://greeter:8000/\`.
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector:
    app: web
  ports:
  - name: http
    port: 8000
---
apiVersion: v1
kind: Service
metadata:
  name: greeter
spec:
  selector:
    app: greeter
  ports:
  - name: http
    port: 8000
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: web
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: greeter
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: caller
`

function ingressYaml({ port }: Example): string {
  return `# Callers from outside come to port ${port} of this machine and go to web.
apiVersion: v1
kind: Namespace
metadata:
  name: istio-system
---
apiVersion: v1
kind: Service
metadata:
  name: ingress
  namespace: istio-system
spec:
  type: LoadBalancer
  selector:
    app: ingress
  ports:
  - name: http
    port: 80
    targetPort: ${port}
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata:
  name: ingress
spec:
  selector:
    app: ingress
  servers:
  - port:
      number: 80
      name: http
      protocol: HTTP
    hosts:
    - "*"
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: web
spec:
  hosts:
  - "*"
  gateways:
  - ingress
  http:
  - route:
    - destination:
        host: web
        port:
          number: 8000
`
}

const MESH_CONFIG = `# What holds for the whole mesh.
apiVersion: v1
kind: ConfigMap
metadata:
  name: istio
  namespace: istio-system
data:
  mesh: |-
    accessLogFile: /dev/stdout
`
