/** A service with two replicas, and a caller. */
export const SHOP = `
apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: default}
spec: {selector: {app: reviews}, ports: [{name: http, port: 9080}]}
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
