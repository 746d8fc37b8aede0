/** A service with two replicas, and a caller. */
export const SHOP = `
apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: default}
spec: {selector: {app: reviews}, ports: [{name: http, port: 9080}]}
`

/** An ingress gateway, for whoever has the label. */
export const GATEWAY = `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: entry, namespace: default}
spec:
  selector: {istio: ingressgateway}
  servers: [{port: {number: 8080, name: http, protocol: HTTP}, hosts: ['*']}]
`

export const RULE = (subset: string, field = 'subset'): string => `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: reviews
spec:
  hosts: [reviews]
  http:
  - route:
    - destination:
        host: reviews
        ${field}: ${subset}
`

export function workload(name: string, address: string, more = ''): string {
  return `
apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: {name: ${name}, namespace: default, annotations: {mesh.io/workload: ${name}${more}}}
spec: {address: ${address}, serviceAccount: reviews, labels: {app: reviews, security.istio.io/tlsMode: istio}}
`
}
