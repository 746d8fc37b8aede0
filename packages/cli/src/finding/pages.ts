import type { FindingCode } from '@mesh/core/config'

/** The pages about findings, as they stand in docs/findings. Made by `npm run docs`. */
export const FINDING_PAGES: Readonly<Record<FindingCode, string>> = {
  IST0002: `# IST0002 Deprecated

**warning**, in \`meshctl compat\` **works** · The field has an old spelling that still works.

Istio has given the field another name or form since. Both work here; \`meshctl compat --fix\` writes the one of today and keeps comments and layout.

\`\`\`yaml
apiVersion: v1
kind: Service
metadata: {name: reviews}
spec: {selector: {app: reviews}, ports: [{name: http, port: 9080}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews}
spec:
  hosts: [reviews]
  http:
    - fault:
        delay:
          fixedDelay: 5s
          percent: 10 # IST0002
      route:
        - destination: {host: reviews}
\`\`\`

\`\`\`text
failing.yaml:15:11: warning IST0002 \`percent\` is an old spelling. Write \`percentage: {value: …}\`. (VirtualService default/reviews)
\`\`\`

## What to do

Write what the finding names.

\`\`\`yaml
apiVersion: v1
kind: Service
metadata: {name: reviews}
spec: {selector: {app: reviews}, ports: [{name: http, port: 9080}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews}
spec:
  hosts: [reviews]
  http:
    - fault:
        delay:
          fixedDelay: 5s
          percentage: {value: 10}
      route:
        - destination: {host: reviews}
\`\`\`
`,
  IST0101: `# IST0101 ReferencedResourceNotFound

**warning**, in \`meshctl compat\` **works** · The object names another one that does not exist.

A name that leads nowhere: a host without a Service or ServiceEntry, a subset that no DestinationRule has, a port that the service does not offer, a Gateway that is not there. Requests that come to it are answered with 503.

\`\`\`yaml
apiVersion: v1
kind: Service
metadata: {name: reviews}
spec: {selector: {app: reviews}, ports: [{name: http, port: 9080}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews}
spec:
  hosts: [reviews]
  http:
    - route:
        - destination:
            host: review # IST0101
\`\`\`

\`\`\`text
failing.yaml:14:13: warning IST0101 No service has the host "review"; requests get 503. Write \`reviews\`. (VirtualService default/reviews)
\`\`\`

## What to do

Write the name as it is, or add the object that is missing. A short host belongs to the namespace of the rule.

\`\`\`yaml
apiVersion: v1
kind: Service
metadata: {name: reviews}
spec: {selector: {app: reviews}, ports: [{name: http, port: 9080}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews}
spec:
  hosts: [reviews]
  http:
    - route:
        - destination:
            host: reviews
\`\`\`
`,
  IST0106: `# IST0106 SchemaValidationError

**error**, in \`meshctl compat\` **refused** · The object does not follow the schema of its kind.

A field that its kind does not have, a value of another type, a required field that is missing. The object is not taken: its last good form stays in force, and without one it is absent. Everything else of the same save applies.

\`\`\`yaml
apiVersion: v1
kind: Service
metadata: {name: reviews}
spec: {ports: [{name: http, port: 9080}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews}
spec:
  hosts: [reviews]
  http:
  - timeout: 3 seconds # IST0106
    rout: # IST0106
    - destination: {host: reviews}
\`\`\`

\`\`\`text
failing.yaml:12:5: error IST0106 \`timeout\` is not a duration (it is "3 seconds"). Write a number with a unit, like \`5s\`, \`100ms\` or \`1h30m\`. (VirtualService default/reviews)
failing.yaml:12:5: error IST0106 \`http\` goes nowhere. Write one of \`route\`, \`redirect\`, \`directResponse\` and \`delegate\`. (VirtualService default/reviews)
failing.yaml:13:5: error IST0106 Unknown field \`rout\`. Write \`route\`. (VirtualService default/reviews)
\`\`\`

## What to do

Write what the finding names. The fields of each kind are in the [reference](../reference/README.md).

\`\`\`yaml
apiVersion: v1
kind: Service
metadata: {name: reviews}
spec: {ports: [{name: http, port: 9080}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews}
spec:
  hosts: [reviews]
  http:
  - timeout: 3s
    route:
    - destination: {host: reviews}
\`\`\`
`,
  IST0107: `# IST0107 MisplacedAnnotation

**warning**, in \`meshctl compat\` **ignored** · The annotation means something, but not on this kind.

Annotations are read on certain kinds only. On another one they change nothing.

\`\`\`yaml
apiVersion: v1
kind: Service
metadata:
  name: reviews
  annotations:
    istio.io/dry-run: 'true' # IST0107
spec: {ports: [{name: http, port: 9080}]}
\`\`\`

\`\`\`text
failing.yaml:6:5: warning IST0107 The annotation \`istio.io/dry-run\` means something on AuthorizationPolicy only. (Service default/reviews)
\`\`\`

## What to do

Write it on the kind that the finding names, or leave it out.

\`\`\`yaml
apiVersion: v1
kind: Service
metadata:
  name: reviews
  annotations:
    networking.istio.io/exportTo: '.'
spec: {ports: [{name: http, port: 9080}]}
\`\`\`
`,
  IST0108: `# IST0108 UnknownAnnotation

**warning**, in \`meshctl compat\` **ignored** · The annotation looks like one of Istio or of this mesh, and is none.

Annotations below \`istio.io\` and \`mesh.io\` are Istio's and this mesh's own. One that neither has is most likely misspelt, and changes nothing. Annotations of other domains are left alone.

\`\`\`yaml
apiVersion: v1
kind: Service
metadata:
  name: reviews
  annotations:
    networking.istio.io/export-to: '.' # IST0108
spec: {ports: [{name: http, port: 9080}]}
\`\`\`

\`\`\`text
failing.yaml:6:5: warning IST0108 Nobody knows the annotation \`networking.istio.io/export-to\`. Write \`networking.istio.io/exportTo\`. (Service default/reviews)
\`\`\`

## What to do

Write the name as it is.

\`\`\`yaml
apiVersion: v1
kind: Service
metadata:
  name: reviews
  annotations:
    networking.istio.io/exportTo: '.'
spec: {ports: [{name: http, port: 9080}]}
\`\`\`
`,
  IST0109: `# IST0109 ConflictingMeshGatewayVirtualServiceHosts

**warning**, in \`meshctl compat\` **ignored** · Two VirtualServices of the mesh claim the same host.

Inside the mesh one VirtualService routes a host: the oldest one, then the one with the lower name. What the other says about the host is not carried out. At a gateway the routes of several are put together.

\`\`\`yaml
apiVersion: v1
kind: Service
metadata: {name: reviews}
spec: {selector: {app: reviews}, ports: [{name: http, port: 9080}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews}
spec:
  hosts: [reviews]
  http:
    - route:
        - destination: {host: reviews}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews-timeout}
spec:
  hosts: [reviews] # IST0109
  http:
    - timeout: 3s
      route:
        - destination: {host: reviews}
\`\`\`

\`\`\`text
failing.yaml:19:11: warning IST0109 VirtualService default/reviews (failing.yaml:6:1) already routes "reviews"; this one does not. Put the routes of one host into one VirtualService. (VirtualService default/reviews-timeout)
\`\`\`

## What to do

Put all routes of a host into one VirtualService.

\`\`\`yaml
apiVersion: v1
kind: Service
metadata: {name: reviews}
spec: {selector: {app: reviews}, ports: [{name: http, port: 9080}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews}
spec:
  hosts: [reviews]
  http:
    - timeout: 3s
      route:
        - destination: {host: reviews}
\`\`\`
`,
  IST0110: `# IST0110 ConflictingSidecarWorkloadSelectors

**warning**, in \`meshctl compat\` **works** · Two Sidecar objects select the same workload.

A workload obeys one Sidecar object. Where two select it, the older one holds, then the one with the lower name.

\`\`\`yaml
apiVersion: v1
kind: Service
metadata: {name: reviews}
spec: {selector: {app: reviews}, ports: [{name: http, port: 9080}]}
---
apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: {name: reviews-v1-0}
spec: {address: 127.64.0.2, labels: {app: reviews, version: v1, security.istio.io/tlsMode: istio}}
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: a}
spec:
  workloadSelector: {labels: {app: reviews}}
  egress: [{hosts: ['./*']}]
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: b}
spec:
  workloadSelector: {labels: {version: v1}} # IST0110
  egress: [{hosts: ['./*']}]
\`\`\`

\`\`\`text
failing.yaml:22:3: warning IST0110 Sidecar a already selects some of these workloads; it holds for them. (Sidecar default/b)
\`\`\`

## What to do

Let the selectors part the workloads.

\`\`\`yaml
apiVersion: v1
kind: Service
metadata: {name: reviews}
spec: {selector: {app: reviews}, ports: [{name: http, port: 9080}]}
---
apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: {name: reviews-v1-0}
spec: {address: 127.64.0.2, labels: {app: reviews, version: v1, security.istio.io/tlsMode: istio}}
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: a}
spec:
  workloadSelector: {labels: {app: reviews, version: v1}}
  egress: [{hosts: ['./*']}]
\`\`\`
`,
  IST0111: `# IST0111 MultipleSidecarsWithoutWorkloadSelectors

**warning**, in \`meshctl compat\` **ignored** · A namespace has several Sidecar objects without a workload selector.

A Sidecar object without a workload selector holds for all workloads of its namespace that no other one selects. Of several the older one holds, and the others do nothing.

\`\`\`yaml
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: default}
spec:
  egress: [{hosts: ['./*']}]
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: other}
spec: # IST0111
  egress: [{hosts: ['./*', 'istio-system/*']}]
\`\`\`

\`\`\`text
failing.yaml:10:1: warning IST0111 Sidecar default already holds for all of default. Give one of them a \`workloadSelector\`. (Sidecar default/other)
\`\`\`

## What to do

Keep one of them, or give the others a selector.

\`\`\`yaml
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: default}
spec:
  egress: [{hosts: ['./*', 'istio-system/*']}]
\`\`\`
`,
  IST0112: `# IST0112 VirtualServiceDestinationPortSelectorRequired

**warning**, in \`meshctl compat\` **works** · A destination names no port although its service has several.

Where a service has several ports, a destination must say which one is meant. Without it the port that the caller asked for is taken.

\`\`\`yaml
apiVersion: v1
kind: Service
metadata: {name: ratings}
spec: {selector: {app: ratings}, ports: [{name: http, port: 9080}, {name: http-admin, port: 9090}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: ratings}
spec:
  hosts: [ratings]
  http:
    - route:
        - destination: # IST0112
            host: ratings
\`\`\`

\`\`\`text
failing.yaml:13:11: warning IST0112 "ratings" has several ports, and none is named. Write \`port: {number: …}\` with one of 9080, 9090. (VirtualService default/ratings)
\`\`\`

## What to do

Write the number of the port.

\`\`\`yaml
apiVersion: v1
kind: Service
metadata: {name: ratings}
spec: {selector: {app: ratings}, ports: [{name: http, port: 9080}, {name: http-admin, port: 9090}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: ratings}
spec:
  hosts: [ratings]
  http:
    - route:
        - destination:
            host: ratings
            port: {number: 9080}
\`\`\`
`,
  IST0116: `# IST0116 DeploymentAssociatedToMultipleServices

**warning**, in \`meshctl compat\` **works** · A workload stands behind two services that say different protocols for the same port.

Two services lead to the same port of the same workloads, and say different things about what is spoken there. A sidecar listens once: as the older service says, then the one with the lower name.

\`\`\`yaml
apiVersion: v1
kind: Service
metadata: {name: reviews}
spec: {selector: {app: reviews}, ports: [{name: http, port: 9080}]}
---
apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: {name: reviews-v1-0}
spec: {address: 127.64.0.2, labels: {app: reviews, version: v1, security.istio.io/tlsMode: istio}}
---
apiVersion: v1
kind: Service
metadata: {name: reviews-raw}
spec:
  selector: {app: reviews}
  ports:
    - {name: tcp, port: 9080} # IST0116
\`\`\`

\`\`\`text
failing.yaml:17:7: warning IST0116 Port 9080 of the workloads is HTTP by Service default/reviews (failing.yaml:1:1) and TCP here; the first holds. Say the same protocol in both. (Service default/reviews-raw)
\`\`\`

## What to do

Say the same protocol in both, or lead to another port.

\`\`\`yaml
apiVersion: v1
kind: Service
metadata: {name: reviews}
spec: {selector: {app: reviews}, ports: [{name: http, port: 9080}]}
---
apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: {name: reviews-v1-0}
spec: {address: 127.64.0.2, labels: {app: reviews, version: v1, security.istio.io/tlsMode: istio}}
---
apiVersion: v1
kind: Service
metadata: {name: reviews-raw}
spec:
  selector: {app: reviews}
  ports:
    - {name: http-raw, port: 9080}
\`\`\`
`,
  IST0118: `# IST0118 PortNameIsNotUnderNamingConvention

**info**, in \`meshctl compat\` **works** · The name of a service port does not say its protocol.

What a port speaks is told by \`appProtocol\`, or by the beginning of its name: \`http\`, \`http2\`, \`grpc\`, \`https\`, \`tls\`, \`tcp\`, \`mongo\`, \`mysql\`, \`redis\`, \`udp\`, alone or before a dash. A port that says nothing is taken as HTTP by callers that speak HTTP, and as opaque bytes else.

\`\`\`yaml
apiVersion: v1
kind: Service
metadata: {name: reviews}
spec:
  ports:
    - name: web # IST0118
      port: 9080
\`\`\`

\`\`\`text
failing.yaml:6:7: info IST0118 The name of port 9080 does not say its protocol; it is taken as HTTP. Write a name like \`http-web\` or \`tcp-db\`. (Service default/reviews)
\`\`\`

## What to do

Name the protocol.

\`\`\`yaml
apiVersion: v1
kind: Service
metadata: {name: reviews}
spec:
  ports:
    - name: http-web
      port: 9080
\`\`\`
`,
  IST0125: `# IST0125 InvalidAnnotation

**warning**, in \`meshctl compat\` **ignored** · The value of an annotation cannot be understood.

The annotation is known, and its value is none that it can have. It is as if it was not there.

\`\`\`yaml
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: readers
  annotations:
    istio.io/dry-run: 'yes' # IST0125
spec: {rules: [{}]}
\`\`\`

\`\`\`text
failing.yaml:6:5: warning IST0125 The annotation \`istio.io/dry-run\` must be "true" or "false" (it is "yes"). (AuthorizationPolicy default/readers)
\`\`\`

## What to do

Write a value that the finding names.

\`\`\`yaml
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: readers
  annotations:
    istio.io/dry-run: 'false'
spec: {rules: [{}]}
\`\`\`
`,
  IST0127: `# IST0127 NoMatchingWorkloadsFound

**warning**, in \`meshctl compat\` **works** · A workload selector matches no workload.

No registered workload has the labels that a policy or Sidecar selects, so that it guards or shapes nothing. It holds as soon as one has them.

\`\`\`yaml
apiVersion: v1
kind: Service
metadata: {name: reviews}
spec: {selector: {app: reviews}, ports: [{name: http, port: 9080}]}
---
apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: {name: reviews-v1-0}
spec: {address: 127.64.0.2, labels: {app: reviews, version: v1, security.istio.io/tlsMode: istio}}
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: readers}
spec:
  selector: {matchLabels: {app: review}} # IST0127
  rules: [{to: [{operation: {methods: [GET]}}]}]
\`\`\`

\`\`\`text
failing.yaml:15:3: warning IST0127 No workload of default has the labels app=review. (AuthorizationPolicy default/readers)
\`\`\`

## What to do

Write labels that the workloads have.

\`\`\`yaml
apiVersion: v1
kind: Service
metadata: {name: reviews}
spec: {selector: {app: reviews}, ports: [{name: http, port: 9080}]}
---
apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: {name: reviews-v1-0}
spec: {address: 127.64.0.2, labels: {app: reviews, version: v1, security.istio.io/tlsMode: istio}}
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: readers}
spec:
  selector: {matchLabels: {app: reviews}}
  rules: [{to: [{operation: {methods: [GET]}}]}]
\`\`\`
`,
  IST0128: `# IST0128 NoServerCertificateVerificationDestinationLevel

**warning**, in \`meshctl compat\` **works** · TLS to a destination is not verified.

TLS hides what is said, but anybody can be the one who answers: whoever stands on the way can read and change it.

\`\`\`yaml
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: partner}
spec:
  hosts: [partner.example.com]
  ports: [{number: 443, name: https, protocol: HTTPS}]
  resolution: DNS
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: partner}
spec:
  host: partner.example.com
  trafficPolicy:
    tls:
      mode: SIMPLE
      insecureSkipVerify: true # IST0128
\`\`\`

\`\`\`text
failing.yaml:17:7: warning IST0128 The certificate of the destination is not verified. Write \`caCertificates\`, the path of a PEM file. (DestinationRule default/partner)
\`\`\`

## What to do

Name the certificates to trust, and where they differ from the host the names that may answer.

\`\`\`yaml
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: partner}
spec:
  hosts: [partner.example.com]
  ports: [{number: 443, name: https, protocol: HTTPS}]
  resolution: DNS
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: partner}
spec:
  host: partner.example.com
  trafficPolicy:
    tls:
      mode: SIMPLE
      caCertificates: /etc/certs/partner-ca.pem
      subjectAltNames: [partner.example.com]
\`\`\`
`,
  IST0129: `# IST0129 NoServerCertificateVerificationPortLevel

**warning**, in \`meshctl compat\` **works** · TLS to one port of a destination is not verified.

As IST0128, for one port: anybody can be the one who answers there.

\`\`\`yaml
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: partner}
spec:
  hosts: [partner.example.com]
  ports: [{number: 443, name: https, protocol: HTTPS}]
  resolution: DNS
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: partner}
spec:
  host: partner.example.com
  trafficPolicy:
    portLevelSettings:
      - port: {number: 443}
        tls:
          mode: SIMPLE
          insecureSkipVerify: true # IST0129
\`\`\`

\`\`\`text
failing.yaml:19:11: warning IST0129 The certificate of the destination is not verified at this port. Write \`caCertificates\`, the path of a PEM file. (DestinationRule default/partner)
\`\`\`

## What to do

Name the certificates to trust.

\`\`\`yaml
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: partner}
spec:
  hosts: [partner.example.com]
  ports: [{number: 443, name: https, protocol: HTTPS}]
  resolution: DNS
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: partner}
spec:
  host: partner.example.com
  trafficPolicy:
    portLevelSettings:
      - port: {number: 443}
        tls:
          mode: SIMPLE
          caCertificates: /etc/certs/partner-ca.pem
\`\`\`
`,
  IST0130: `# IST0130 VirtualServiceUnreachableRule

**warning**, in \`meshctl compat\` **ignored** · A route can never be reached.

Routes are asked in their order, and the first that matches takes the request. Behind one that takes everything, and behind one that asks for the same, a route waits in vain.

\`\`\`yaml
apiVersion: v1
kind: Service
metadata: {name: reviews}
spec: {selector: {app: reviews}, ports: [{name: http, port: 9080}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews}
spec:
  hosts: [reviews]
  http:
    - route:
        - destination: {host: reviews}
    - match: [{uri: {prefix: /slow}}] # IST0130
      timeout: 30s
      route:
        - destination: {host: reviews}
\`\`\`

\`\`\`text
failing.yaml:14:7: warning IST0130 Route 1 takes every request, so route 2 is never reached. Put the route without \`match\` last. (VirtualService default/reviews)
\`\`\`

## What to do

Put what asks for more before what asks for less.

\`\`\`yaml
apiVersion: v1
kind: Service
metadata: {name: reviews}
spec: {selector: {app: reviews}, ports: [{name: http, port: 9080}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews}
spec:
  hosts: [reviews]
  http:
    - match: [{uri: {prefix: /slow}}]
      timeout: 30s
      route:
        - destination: {host: reviews}
    - route:
        - destination: {host: reviews}
\`\`\`
`,
  IST0131: `# IST0131 VirtualServiceIneffectiveMatch

**info**, in \`meshctl compat\` **ignored** · One match of a route asks for what an earlier route has asked for.

A match that an earlier route has is never used. The other matches of its route are.

\`\`\`yaml
apiVersion: v1
kind: Service
metadata: {name: reviews}
spec: {selector: {app: reviews}, ports: [{name: http, port: 9080}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews}
spec:
  hosts: [reviews]
  http:
    - match: [{uri: {exact: /a}}]
      route:
        - destination: {host: reviews}
    - match:
        - uri: {exact: /b}
        - uri: {exact: /a} # IST0131
      timeout: 3s
      route:
        - destination: {host: reviews}
\`\`\`

\`\`\`text
failing.yaml:17:11: info IST0131 Route 1 asks for the same, so match 2 of route 2 is never used. Leave the match out. (VirtualService default/reviews)
\`\`\`

## What to do

Leave it out, or change the order of the routes.

\`\`\`yaml
apiVersion: v1
kind: Service
metadata: {name: reviews}
spec: {selector: {app: reviews}, ports: [{name: http, port: 9080}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews}
spec:
  hosts: [reviews]
  http:
    - match: [{uri: {exact: /a}}]
      route:
        - destination: {host: reviews}
    - match:
        - uri: {exact: /b}
      timeout: 3s
      route:
        - destination: {host: reviews}
\`\`\`
`,
  IST0132: `# IST0132 VirtualServiceHostNotFoundInGateway

**warning**, in \`meshctl compat\` **ignored** · A host of a VirtualService is not served by its gateway.

A gateway takes requests for the hosts of its servers alone. A VirtualService that is bound to it can route those, and no others.

\`\`\`yaml
apiVersion: v1
kind: Service
metadata: {name: reviews}
spec: {selector: {app: reviews}, ports: [{name: http, port: 9080}]}
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: edge}
spec:
  selector: {istio: ingressgateway}
  servers:
    - port: {number: 80, name: http, protocol: HTTP}
      hosts: ['shop.example.com']
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews}
spec:
  hosts: [shop.example.org] # IST0132
  gateways: [edge]
  http:
    - route:
        - destination: {host: reviews}
\`\`\`

\`\`\`text
failing.yaml:19:11: warning IST0132 No server of the gateway default/edge takes the host "shop.example.org". (VirtualService default/reviews)
\`\`\`

## What to do

Write the host in both in the same way; a server may say \`*\` or \`*.example.org\`.

\`\`\`yaml
apiVersion: v1
kind: Service
metadata: {name: reviews}
spec: {selector: {app: reviews}, ports: [{name: http, port: 9080}]}
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: edge}
spec:
  selector: {istio: ingressgateway}
  servers:
    - port: {number: 80, name: http, protocol: HTTP}
      hosts: ['*.example.org']
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews}
spec:
  hosts: [shop.example.org]
  gateways: [edge]
  http:
    - route:
        - destination: {host: reviews}
\`\`\`
`,
  IST0133: `# IST0133 SchemaWarning

**warning**, in \`meshctl compat\` **works** · The object follows its schema, but works otherwise than it reads.

What is written is valid, and most likely not what is meant: weights that do not add up to 100, a DENY policy that denies nothing, a header name that no request has.

\`\`\`yaml
apiVersion: v1
kind: Service
metadata: {name: reviews}
spec: {selector: {app: reviews}, ports: [{name: http, port: 9080}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews}
spec:
  hosts: [reviews]
  http:
    - route: # IST0133
        - destination: {host: reviews}
          weight: 75
        - destination: {host: reviews}
          weight: 5
\`\`\`

\`\`\`text
failing.yaml:12:7: warning IST0133 The weights add up to 80, not 100; they are taken as shares of 80. Write weights that add up to 100. (VirtualService default/reviews)
\`\`\`

## What to do

Write what is meant.

\`\`\`yaml
apiVersion: v1
kind: Service
metadata: {name: reviews}
spec: {selector: {app: reviews}, ports: [{name: http, port: 9080}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews}
spec:
  hosts: [reviews]
  http:
    - route:
        - destination: {host: reviews}
          weight: 95
        - destination: {host: reviews}
          weight: 5
\`\`\`
`,
  IST0135: `# IST0135 DeprecatedAnnotation

**info**, in \`meshctl compat\` **works** · The annotation is out of use at Istio, and still works here.

Istio has given up the annotation. Here it works still.

\`\`\`yaml
apiVersion: v1
kind: Service
metadata:
  name: reviews
  annotations:
    alpha.istio.io/canonical-serviceaccounts: spiffe://partner.example/ns/default/sa/reviews # IST0135
spec: {ports: [{name: http, port: 9080}]}
\`\`\`

\`\`\`text
failing.yaml:6:5: info IST0135 The annotation \`alpha.istio.io/canonical-serviceaccounts\` is out of use at Istio. Write \`subjectAltNames\` of a ServiceEntry. (Service default/reviews)
\`\`\`

## What to do

Write what has taken its place.

\`\`\`yaml
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: reviews}
spec:
  hosts: [reviews.partner.example]
  ports: [{number: 9080, name: http, protocol: HTTP}]
  location: MESH_INTERNAL
  resolution: DNS
  subjectAltNames: ['spiffe://partner.example/ns/default/sa/reviews']
\`\`\`
`,
  IST0145: `# IST0145 ConflictingGateways

**warning**, in \`meshctl compat\` **works** · Two Gateways open the same port of the same workloads for the same host.

Two Gateways of the same proxies open one port for one host. Plain HTTP servers share their routes, the older Gateway's first; of two that end TLS the older one takes every connection.

\`\`\`yaml
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: edge}
spec:
  selector: {istio: ingressgateway}
  servers:
    - port: {number: 80, name: http, protocol: HTTP}
      hosts: ['shop.example.com']
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: edge-too}
spec:
  selector: {istio: ingressgateway}
  servers:
    - port: {number: 80, name: http, protocol: HTTP}
      hosts: ['shop.example.com'] # IST0145
\`\`\`

\`\`\`text
failing.yaml:17:15: warning IST0145 Gateway default/edge (failing.yaml:1:1) already opens this port for "shop.example.com". Put the servers of one port and host into one Gateway. (Gateway default/edge-too)
\`\`\`

## What to do

Let one Gateway have the port and host.

\`\`\`yaml
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: edge}
spec:
  selector: {istio: ingressgateway}
  servers:
    - port: {number: 80, name: http, protocol: HTTP}
      hosts: ['shop.example.com']
\`\`\`
`,
  IST0162: `# IST0162 GatewayPortNotDefinedOnService

**warning**, in \`meshctl compat\` **works** · A gateway port is not offered by the service of its workloads.

The proxies of the gateway listen on the port, but the service in front of them does not lead to it: callers of the service do not get there.

\`\`\`yaml
apiVersion: v1
kind: Service
metadata: {name: ingress, namespace: istio-system}
spec: {selector: {istio: ingressgateway}, ports: [{name: http2, port: 80}]}
---
apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: {name: ingress-0, namespace: istio-system, annotations: {mesh.io/proxy: gateway}}
spec: {address: 127.64.0.3, labels: {istio: ingressgateway}}
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: edge}
spec:
  selector: {istio: ingressgateway}
  servers:
    - port: {number: 8080, name: http, protocol: HTTP} # IST0162
      hosts: ['*']
\`\`\`

\`\`\`text
failing.yaml:17:14: warning IST0162 The service of the gateway's workloads offers no port 8080. It offers 80. (Gateway default/edge)
\`\`\`

## What to do

Add the port to the service, or write one that it has.

\`\`\`yaml
apiVersion: v1
kind: Service
metadata: {name: ingress, namespace: istio-system}
spec: {selector: {istio: ingressgateway}, ports: [{name: http2, port: 80}]}
---
apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: {name: ingress-0, namespace: istio-system, annotations: {mesh.io/proxy: gateway}}
spec: {address: 127.64.0.3, labels: {istio: ingressgateway}}
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: edge}
spec:
  selector: {istio: ingressgateway}
  servers:
    - port: {number: 80, name: http, protocol: HTTP}
      hosts: ['*']
\`\`\`
`,
  IST0173: `# IST0173 DestinationRuleSubsetNotSelectPods

**warning**, in \`meshctl compat\` **works** · A subset selects no workload.

No registered workload of the service has the labels of the subset. Requests to it are answered with 503.

\`\`\`yaml
apiVersion: v1
kind: Service
metadata: {name: reviews}
spec: {selector: {app: reviews}, ports: [{name: http, port: 9080}]}
---
apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: {name: reviews-v1-0}
spec: {address: 127.64.0.2, labels: {app: reviews, version: v1, security.istio.io/tlsMode: istio}}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews}
spec:
  host: reviews
  subsets:
    - name: v1 # IST0173
      labels: {version: '1'}
\`\`\`

\`\`\`text
failing.yaml:17:7: warning IST0173 No workload of "reviews" has the labels version=1; requests to subset "v1" get 503. (DestinationRule default/reviews)
\`\`\`

## What to do

Write labels that the workloads have.

\`\`\`yaml
apiVersion: v1
kind: Service
metadata: {name: reviews}
spec: {selector: {app: reviews}, ports: [{name: http, port: 9080}]}
---
apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: {name: reviews-v1-0}
spec: {address: 127.64.0.2, labels: {app: reviews, version: v1, security.istio.io/tlsMode: istio}}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews}
spec:
  host: reviews
  subsets:
    - name: v1
      labels: {version: v1}
\`\`\`
`,
  IST0174: `# IST0174 UnknownDestinationRuleHost

**warning**, in \`meshctl compat\` **ignored** · A DestinationRule is for a host that no service has.

The rule applies to nothing, since no Service or ServiceEntry has its host.

\`\`\`yaml
apiVersion: v1
kind: Service
metadata: {name: reviews}
spec: {selector: {app: reviews}, ports: [{name: http, port: 9080}]}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews}
spec:
  host: reveiws # IST0174
  subsets:
    - name: v1
      labels: {version: v1}
\`\`\`

\`\`\`text
failing.yaml:10:3: warning IST0174 No service has the host "reveiws", so the rule applies to nothing. Write \`reviews\`. (DestinationRule default/reviews)
\`\`\`

## What to do

Write the host as it is. A short one belongs to the namespace of the rule.

\`\`\`yaml
apiVersion: v1
kind: Service
metadata: {name: reviews}
spec: {selector: {app: reviews}, ports: [{name: http, port: 9080}]}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews}
spec:
  host: reviews
  subsets:
    - name: v1
      labels: {version: v1}
\`\`\`
`,
  MESH0001: `# MESH0001 Unreadable

**error**, in \`meshctl compat\` **refused** · The file is not readable YAML or JSON.

Not even the objects of the document can be told, or not all of them. What was good in the file before stays in force. Other documents of the same file are read.

\`\`\`yaml
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: partner}
spec:
  hosts: [partner.example.com
  ports: [{number: 443, name: https, protocol: HTTPS}] # MESH0001
  resolution: DNS
\`\`\`

\`\`\`text
failing.yaml:6:3: error MESH0001 Flow sequence in block collection must be sufficiently indented and end with a ].
\`\`\`

## What to do

Mend the YAML at the place that the finding names, or just before it: a bracket that is not closed, a tab, a line that is indented less than it should.

\`\`\`yaml
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: partner}
spec:
  hosts: [partner.example.com]
  ports: [{number: 443, name: https, protocol: HTTPS}]
  resolution: DNS
\`\`\`
`,
  MESH0002: `# MESH0002 TooLarge

**error**, in \`meshctl compat\` **refused** · The source is larger than its bounds.

A file may be 8 MiB long and hold 20,000 documents, an object 200,000 values, nested 64 levels deep. What is larger is refused as a whole, and never cut short in silence.

\`\`\`yaml
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: partner}
spec:
  hosts: [partner.example.com]
  ports: [{number: 443, name: https, protocol: HTTPS}]
  resolution: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]] # IST0106, MESH0002
\`\`\`

\`\`\`text
failing.yaml:7:3: error IST0106 \`resolution\` must be one of NONE, STATIC, DNS, DNS_ROUND_ROBIN, DYNAMIC_DNS. (ServiceEntry default/partner)
failing.yaml:7:78: error MESH0002 The object is nested deeper than 64 levels. (ServiceEntry default/partner)
\`\`\`

## What to do

Part it into several files or objects.

\`\`\`yaml
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: partner}
spec:
  hosts: [partner.example.com]
  ports: [{number: 443, name: https, protocol: HTTPS}]
  resolution: DNS
\`\`\`
`,
  MESH0003: `# MESH0003 UnknownKind

**info**, in \`meshctl compat\` **ignored** · The kind means nothing to this mesh.

Not everything in a folder or an export of a cluster is for a mesh. Such an object is passed over.

\`\`\`yaml
apiVersion: apps/v1
kind: Deployment # MESH0003
metadata: {name: reviews}
\`\`\`

\`\`\`text
failing.yaml:2:1: info MESH0003 Deployment means nothing to this mesh; it is skipped. (Deployment default/reviews)
\`\`\`

## What to do

Nothing needs to be done. Where one of the mesh's own kinds was meant, write its name.

\`\`\`yaml
apiVersion: v1
kind: Service
metadata: {name: reviews}
spec: {ports: [{name: http, port: 9080}]}
\`\`\`
`,
  MESH0004: `# MESH0004 NoObject

**error**, in \`meshctl compat\` **refused** · The document is no Kubernetes object.

A document must say its \`apiVersion\` and \`kind\`.

\`\`\`yaml
kind: ServiceEntry # MESH0004
metadata: {name: partner}
spec:
  hosts: [partner.example.com]
  ports: [{number: 443, name: https, protocol: HTTPS}]
  resolution: DNS
\`\`\`

\`\`\`text
failing.yaml:1:1: error MESH0004 The document is no Kubernetes object: \`apiVersion\` is missing. (ServiceEntry default/partner)
\`\`\`

## What to do

Write both.

\`\`\`yaml
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: partner}
spec:
  hosts: [partner.example.com]
  ports: [{number: 443, name: https, protocol: HTTPS}]
  resolution: DNS
\`\`\`
`,
  MESH0005: `# MESH0005 WrittenTwice

**error**, in \`meshctl compat\` **refused** · The same object is written twice.

Kind, namespace and name make an object. Where it is written twice, the first one holds, files in the order of their names.

\`\`\`yaml
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: partner}
spec:
  hosts: [partner.example.com]
  ports: [{number: 443, name: https, protocol: HTTPS}]
  resolution: DNS
---
apiVersion: networking.istio.io/v1 # MESH0005
kind: ServiceEntry
metadata: {name: partner}
spec:
  hosts: [partner.example.com]
  ports: [{number: 443, name: https, protocol: HTTPS}]
  resolution: STATIC
  endpoints: [{address: 192.0.2.1}]
\`\`\`

\`\`\`text
failing.yaml:9:1: error MESH0005 ServiceEntry partner is already written in failing.yaml:1; this one is ignored. Keep one of the two. (ServiceEntry default/partner)
\`\`\`

## What to do

Keep one of the two, or give one another name.

\`\`\`yaml
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: partner}
spec:
  hosts: [partner.example.com]
  ports: [{number: 443, name: https, protocol: HTTPS}]
  resolution: STATIC
  endpoints: [{address: 192.0.2.1}]
\`\`\`
`,
  MESH0006: `# MESH0006 LastGoodForm

**warning**, in \`meshctl compat\` **works** · The last good form of the object is in force.

The object was good before it was saved like this. As it was then it stays in force, until it is mended or deleted. \`meshctl explain\` tells which form a request meets.

Before:

\`\`\`yaml
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: partner}
spec:
  hosts: [partner.example.com]
  ports: [{number: 443, name: https, protocol: HTTPS}]
\`\`\`

Then:

\`\`\`yaml
apiVersion: networking.istio.io/v1 # MESH0006
kind: ServiceEntry
metadata: {name: partner}
spec:
  hosts: [partner.example.com]
  ports: [{number: 443, name: https, protocol: HTTPS}]
  resolution: DSN # IST0106
\`\`\`

\`\`\`text
failing.yaml:1:1: warning MESH0006 The last good form of ServiceEntry partner is in force. (ServiceEntry default/partner)
failing.yaml:7:3: error IST0106 \`resolution\` must be one of NONE, STATIC, DNS, DNS_ROUND_ROBIN, DYNAMIC_DNS (it is "DSN"). Write \`DNS\`. (ServiceEntry default/partner)
\`\`\`

## What to do

Mend the mistake that is told beside it.

\`\`\`yaml
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: partner}
spec:
  hosts: [partner.example.com]
  ports: [{number: 443, name: https, protocol: HTTPS}]
  resolution: DNS
\`\`\`
`,
  MESH0007: `# MESH0007 PolicyQuarantined

**error**, in \`meshctl compat\` **refused** · A security policy cannot be understood, so what it selects is denied.

A policy that cannot be understood must not let anybody in. Without a last good form, what it selects takes no requests at all; where even its selector cannot be read, that is everything in its namespace.

\`\`\`yaml
apiVersion: security.istio.io/v1 # MESH0007
kind: AuthorizationPolicy
metadata: {name: readers}
spec:
  selector: {matchLabels: {app: reviews}}
  action: DNEY # IST0106
  rules: [{to: [{operation: {methods: [POST]}}]}]
\`\`\`

\`\`\`text
failing.yaml:1:1: error MESH0007 AuthorizationPolicy readers cannot be understood, so the workloads that it selects take no requests. Mend it, or delete it. (AuthorizationPolicy default/readers)
failing.yaml:6:3: error IST0106 \`action\` must be one of ALLOW, DENY, AUDIT, CUSTOM (it is "DNEY"). Write \`DENY\`. (AuthorizationPolicy default/readers)
\`\`\`

## What to do

Mend the mistake that is told beside it, or delete the policy.

\`\`\`yaml
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: readers}
spec:
  selector: {matchLabels: {app: reviews}}
  action: DENY
  rules: [{to: [{operation: {methods: [POST]}}]}]
\`\`\`
`,
  MESH0008: `# MESH0008 UnknownVersion

**error**, in \`meshctl compat\` **refused** · The kind is known, but not under this apiVersion.

The kind is known, but not in this version of its API. The object is not taken.

\`\`\`yaml
apiVersion: networking.istio.io/v1alpha1 # MESH0008
kind: ServiceEntry
metadata: {name: partner}
spec:
  hosts: [partner.example.com]
  ports: [{number: 443, name: https, protocol: HTTPS}]
  resolution: DNS
\`\`\`

\`\`\`text
failing.yaml:1:1: error MESH0008 ServiceEntry is not known in version "v1alpha1". Write networking.istio.io/v1, networking.istio.io/v1beta1, networking.istio.io/v1alpha3. (ServiceEntry default/partner)
\`\`\`

## What to do

Write a version that the finding names.

\`\`\`yaml
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: partner}
spec:
  hosts: [partner.example.com]
  ports: [{number: 443, name: https, protocol: HTTPS}]
  resolution: DNS
\`\`\`
`,
  MESH0009: `# MESH0009 MoreFindings

**error**, in \`meshctl compat\` **refused** · The object has more findings than are told.

Of one document fifty findings are told, and how many more there are.

\`\`\`yaml
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: partner}
spec:
  hosts: [partner.example.com]
  ports: [{number: 443, name: https, protocol: HTTPS}]
  resolution: STATIC
  endpoints: [{at: 1}, {at: 1}, {at: 1}, {at: 1}, {at: 1}, {at: 1}, {at: 1}, {at: 1}, {at: 1}, {at: 1}, {at: 1}, {at: 1}, {at: 1}, {at: 1}, {at: 1}, {at: 1}, {at: 1}, {at: 1}, {at: 1}, {at: 1}, {at: 1}, {at: 1}, {at: 1}, {at: 1}, {at: 1}, {at: 1}, {at: 1}, {at: 1}, {at: 1}, {at: 1}, {at: 1}, {at: 1}, {at: 1}, {at: 1}, {at: 1}, {at: 1}, {at: 1}, {at: 1}, {at: 1}, {at: 1}, {at: 1}, {at: 1}, {at: 1}, {at: 1}, {at: 1}, {at: 1}, {at: 1}, {at: 1}, {at: 1}, {at: 1}, {at: 1}] # IST0106, MESH0009
\`\`\`

\`\`\`text
failing.yaml:8:16: error IST0106 Unknown field \`at\`. Known here: address, ports, labels, network, locality, weight, serviceAccount. (ServiceEntry default/partner)
failing.yaml:8:25: error IST0106 Unknown field \`at\`. Known here: address, ports, labels, network, locality, weight, serviceAccount. (ServiceEntry default/partner)
failing.yaml:8:34: error IST0106 Unknown field \`at\`. Known here: address, ports, labels, network, locality, weight, serviceAccount. (ServiceEntry default/partner)
failing.yaml:8:43: error IST0106 Unknown field \`at\`. Known here: address, ports, labels, network, locality, weight, serviceAccount. (ServiceEntry default/partner)
failing.yaml:8:52: error IST0106 Unknown field \`at\`. Known here: address, ports, labels, network, locality, weight, serviceAccount. (ServiceEntry default/partner)
failing.yaml:8:61: error IST0106 Unknown field \`at\`. Known here: address, ports, labels, network, locality, weight, serviceAccount. (ServiceEntry default/partner)
failing.yaml:8:70: error IST0106 Unknown field \`at\`. Known here: address, ports, labels, network, locality, weight, serviceAccount. (ServiceEntry default/partner)
failing.yaml:8:79: error IST0106 Unknown field \`at\`. Known here: address, ports, labels, network, locality, weight, serviceAccount. (ServiceEntry default/partner)
failing.yaml:8:88: error IST0106 Unknown field \`at\`. Known here: address, ports, labels, network, locality, weight, serviceAccount. (ServiceEntry default/partner)
failing.yaml:8:97: error IST0106 Unknown field \`at\`. Known here: address, ports, labels, network, locality, weight, serviceAccount. (ServiceEntry default/partner)
failing.yaml:8:106: error IST0106 Unknown field \`at\`. Known here: address, ports, labels, network, locality, weight, serviceAccount. (ServiceEntry default/partner)
failing.yaml:8:115: error IST0106 Unknown field \`at\`. Known here: address, ports, labels, network, locality, weight, serviceAccount. (ServiceEntry default/partner)
failing.yaml:8:124: error IST0106 Unknown field \`at\`. Known here: address, ports, labels, network, locality, weight, serviceAccount. (ServiceEntry default/partner)
failing.yaml:8:133: error IST0106 Unknown field \`at\`. Known here: address, ports, labels, network, locality, weight, serviceAccount. (ServiceEntry default/partner)
failing.yaml:8:142: error IST0106 Unknown field \`at\`. Known here: address, ports, labels, network, locality, weight, serviceAccount. (ServiceEntry default/partner)
failing.yaml:8:151: error IST0106 Unknown field \`at\`. Known here: address, ports, labels, network, locality, weight, serviceAccount. (ServiceEntry default/partner)
failing.yaml:8:160: error IST0106 Unknown field \`at\`. Known here: address, ports, labels, network, locality, weight, serviceAccount. (ServiceEntry default/partner)
failing.yaml:8:169: error IST0106 Unknown field \`at\`. Known here: address, ports, labels, network, locality, weight, serviceAccount. (ServiceEntry default/partner)
failing.yaml:8:178: error IST0106 Unknown field \`at\`. Known here: address, ports, labels, network, locality, weight, serviceAccount. (ServiceEntry default/partner)
failing.yaml:8:187: error IST0106 Unknown field \`at\`. Known here: address, ports, labels, network, locality, weight, serviceAccount. (ServiceEntry default/partner)
failing.yaml:8:196: error IST0106 Unknown field \`at\`. Known here: address, ports, labels, network, locality, weight, serviceAccount. (ServiceEntry default/partner)
failing.yaml:8:205: error IST0106 Unknown field \`at\`. Known here: address, ports, labels, network, locality, weight, serviceAccount. (ServiceEntry default/partner)
failing.yaml:8:214: error IST0106 Unknown field \`at\`. Known here: address, ports, labels, network, locality, weight, serviceAccount. (ServiceEntry default/partner)
failing.yaml:8:223: error IST0106 Unknown field \`at\`. Known here: address, ports, labels, network, locality, weight, serviceAccount. (ServiceEntry default/partner)
failing.yaml:8:232: error IST0106 Unknown field \`at\`. Known here: address, ports, labels, network, locality, weight, serviceAccount. (ServiceEntry default/partner)
failing.yaml:8:241: error IST0106 Unknown field \`at\`. Known here: address, ports, labels, network, locality, weight, serviceAccount. (ServiceEntry default/partner)
failing.yaml:8:250: error IST0106 Unknown field \`at\`. Known here: address, ports, labels, network, locality, weight, serviceAccount. (ServiceEntry default/partner)
failing.yaml:8:259: error IST0106 Unknown field \`at\`. Known here: address, ports, labels, network, locality, weight, serviceAccount. (ServiceEntry default/partner)
failing.yaml:8:268: error IST0106 Unknown field \`at\`. Known here: address, ports, labels, network, locality, weight, serviceAccount. (ServiceEntry default/partner)
failing.yaml:8:277: error IST0106 Unknown field \`at\`. Known here: address, ports, labels, network, locality, weight, serviceAccount. (ServiceEntry default/partner)
failing.yaml:8:286: error IST0106 Unknown field \`at\`. Known here: address, ports, labels, network, locality, weight, serviceAccount. (ServiceEntry default/partner)
failing.yaml:8:295: error IST0106 Unknown field \`at\`. Known here: address, ports, labels, network, locality, weight, serviceAccount. (ServiceEntry default/partner)
failing.yaml:8:304: error IST0106 Unknown field \`at\`. Known here: address, ports, labels, network, locality, weight, serviceAccount. (ServiceEntry default/partner)
failing.yaml:8:313: error IST0106 Unknown field \`at\`. Known here: address, ports, labels, network, locality, weight, serviceAccount. (ServiceEntry default/partner)
failing.yaml:8:322: error IST0106 Unknown field \`at\`. Known here: address, ports, labels, network, locality, weight, serviceAccount. (ServiceEntry default/partner)
failing.yaml:8:331: error IST0106 Unknown field \`at\`. Known here: address, ports, labels, network, locality, weight, serviceAccount. (ServiceEntry default/partner)
failing.yaml:8:340: error IST0106 Unknown field \`at\`. Known here: address, ports, labels, network, locality, weight, serviceAccount. (ServiceEntry default/partner)
failing.yaml:8:349: error IST0106 Unknown field \`at\`. Known here: address, ports, labels, network, locality, weight, serviceAccount. (ServiceEntry default/partner)
failing.yaml:8:358: error IST0106 Unknown field \`at\`. Known here: address, ports, labels, network, locality, weight, serviceAccount. (ServiceEntry default/partner)
failing.yaml:8:367: error IST0106 Unknown field \`at\`. Known here: address, ports, labels, network, locality, weight, serviceAccount. (ServiceEntry default/partner)
failing.yaml:8:376: error IST0106 Unknown field \`at\`. Known here: address, ports, labels, network, locality, weight, serviceAccount. (ServiceEntry default/partner)
failing.yaml:8:385: error IST0106 Unknown field \`at\`. Known here: address, ports, labels, network, locality, weight, serviceAccount. (ServiceEntry default/partner)
failing.yaml:8:394: error IST0106 Unknown field \`at\`. Known here: address, ports, labels, network, locality, weight, serviceAccount. (ServiceEntry default/partner)
failing.yaml:8:403: error IST0106 Unknown field \`at\`. Known here: address, ports, labels, network, locality, weight, serviceAccount. (ServiceEntry default/partner)
failing.yaml:8:412: error IST0106 Unknown field \`at\`. Known here: address, ports, labels, network, locality, weight, serviceAccount. (ServiceEntry default/partner)
failing.yaml:8:421: error IST0106 Unknown field \`at\`. Known here: address, ports, labels, network, locality, weight, serviceAccount. (ServiceEntry default/partner)
failing.yaml:8:430: error IST0106 Unknown field \`at\`. Known here: address, ports, labels, network, locality, weight, serviceAccount. (ServiceEntry default/partner)
failing.yaml:8:439: error IST0106 Unknown field \`at\`. Known here: address, ports, labels, network, locality, weight, serviceAccount. (ServiceEntry default/partner)
failing.yaml:8:448: error IST0106 Unknown field \`at\`. Known here: address, ports, labels, network, locality, weight, serviceAccount. (ServiceEntry default/partner)
failing.yaml:8:457: error IST0106 Unknown field \`at\`. Known here: address, ports, labels, network, locality, weight, serviceAccount. (ServiceEntry default/partner)
failing.yaml:8:466: error MESH0009 There are 1 more findings about this object. (ServiceEntry default/partner)
\`\`\`

## What to do

Mend what is told; the rest is told then.

\`\`\`yaml
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: partner}
spec:
  hosts: [partner.example.com]
  ports: [{number: 443, name: https, protocol: HTTPS}]
  resolution: STATIC
  endpoints: [{address: 192.0.2.1}]
\`\`\`
`,
  MESH0101: `# MESH0101 NoEffectYet

**warning**, in \`meshctl compat\` **ignored** · The field is valid Istio, but has no effect here yet.

Istio has the field, and so has this mesh: it is read and checked. What it asks for is not done yet.

\`\`\`yaml
apiVersion: v1
kind: Service
metadata: {name: reviews}
spec: {selector: {app: reviews}, ports: [{name: http, port: 9080}]}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews}
spec:
  host: reviews
  trafficPolicy:
    loadBalancer: {simple: RANDOM}
    tunnel: {targetHost: proxy.example.com, targetPort: 3128} # MESH0101
\`\`\`

\`\`\`text
failing.yaml:13:5: warning MESH0101 \`tunnel\` has no effect yet. (DestinationRule default/reviews)
\`\`\`

## What to do

Do without it, or as the finding says. \`meshctl compat\` tells for a whole folder what works.

\`\`\`yaml
apiVersion: v1
kind: Service
metadata: {name: reviews}
spec: {selector: {app: reviews}, ports: [{name: http, port: 9080}]}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews}
spec:
  host: reviews
  trafficPolicy:
    loadBalancer: {simple: RANDOM}
\`\`\`
`,
  MESH0102: `# MESH0102 ForeignField

**info**, in \`meshctl compat\` **ignored** · The field means nothing to this mesh.

The field belongs to a platform that is not here, like the load balancer of a cloud. It changes nothing.

\`\`\`yaml
apiVersion: v1
kind: Service
metadata: {name: reviews}
spec:
  sessionAffinity: ClientIP # MESH0102
  ports: [{name: http, port: 9080}]
\`\`\`

\`\`\`text
failing.yaml:5:3: info MESH0102 \`sessionAffinity\` means nothing to this mesh. (Service default/reviews)
\`\`\`

## What to do

Nothing needs to be done.

\`\`\`yaml
apiVersion: v1
kind: Service
metadata: {name: reviews}
spec:
  ports: [{name: http, port: 9080}]
\`\`\`
`,
  MESH0103: `# MESH0103 KindWithoutEffectYet

**warning**, in \`meshctl compat\` **ignored** · The kind is valid Istio, but has no effect here yet.

Istio has the kind, and this mesh does not carry it out yet. The object is passed over.

\`\`\`yaml
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter # MESH0103
metadata: {name: lua}
spec: {}
\`\`\`

\`\`\`text
failing.yaml:2:1: warning MESH0103 EnvoyFilter has no effect yet. Proxies are configured as if it were not there. (EnvoyFilter default/lua)
\`\`\`

## What to do

Do without it. What many such objects are written for has a field of its own, like headers of a route.

\`\`\`yaml
apiVersion: v1
kind: Service
metadata: {name: reviews}
spec: {ports: [{name: http, port: 9080}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews}
spec:
  hosts: [reviews]
  http:
  - headers: {response: {set: {x-served-by: mesh}}}
    route: [{destination: {host: reviews}}]
\`\`\`
`,
  MESH0201: `# MESH0201 ListenerLeadsNowhere

**warning**, in \`meshctl compat\` **ignored** · An egress listener of a Sidecar leads to no service, and is not opened.

A listener for opaque bytes needs a place to send them: a service of its port among its hosts. Without one it stays closed.

\`\`\`yaml
apiVersion: v1
kind: Service
metadata: {name: tcp-echo}
spec: {selector: {app: tcp-echo}, ports: [{name: tcp, port: 9000}]}
---
apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: {name: reviews-v1-0}
spec: {address: 127.64.0.2, labels: {app: reviews, version: v1, security.istio.io/tlsMode: istio}}
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: default}
spec:
  egress:
    - port: {number: 9000, protocol: TCP} # MESH0201
      hosts: ['./echo.default.svc.cluster.local']
    - hosts: ['./*']
\`\`\`

\`\`\`text
failing.yaml:16:7: warning MESH0201 No service of port 9000 is among \`hosts\`, so the listener is not opened. (Sidecar default/default)
\`\`\`

## What to do

Name the service in full, in its namespace.

\`\`\`yaml
apiVersion: v1
kind: Service
metadata: {name: tcp-echo}
spec: {selector: {app: tcp-echo}, ports: [{name: tcp, port: 9000}]}
---
apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: {name: reviews-v1-0}
spec: {address: 127.64.0.2, labels: {app: reviews, version: v1, security.istio.io/tlsMode: istio}}
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: default}
spec:
  egress:
    - port: {number: 9000, protocol: TCP}
      hosts: ['./tcp-echo.default.svc.cluster.local']
    - hosts: ['./*']
\`\`\`
`,
  MESH0202: `# MESH0202 ServerNotOpened

**warning**, in \`meshctl compat\` **refused** · A server of a Gateway is not opened.

The server asks for TLS that is not carried out, so its port stays closed: nothing is served in a weaker way than it reads.

\`\`\`yaml
apiVersion: v1
kind: Service
metadata: {name: ingress, namespace: istio-system}
spec: {selector: {istio: ingressgateway}, ports: [{name: http2, port: 80}]}
---
apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: {name: ingress-0, namespace: istio-system, annotations: {mesh.io/proxy: gateway}}
spec: {address: 127.64.0.3, labels: {istio: ingressgateway}}
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: edge}
spec:
  selector: {istio: ingressgateway}
  servers:
    - port: {number: 80, name: https, protocol: HTTPS}
      hosts: [shop.example.com]
      tls: {mode: SIMPLE} # MESH0202
\`\`\`

\`\`\`text
failing.yaml:19:7: warning MESH0202 The server is not opened: its TLS settings are not carried out yet. Write \`mode: SIMPLE\` with \`serverCertificate\` and \`privateKey\`, or \`mode: PASSTHROUGH\`. (Gateway default/edge)
\`\`\`

## What to do

Name the files of the certificate and its key; with \`mode: MUTUAL\` also those that callers' certificates are judged by.

\`\`\`yaml
apiVersion: v1
kind: Service
metadata: {name: ingress, namespace: istio-system}
spec: {selector: {istio: ingressgateway}, ports: [{name: http2, port: 80}]}
---
apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: {name: ingress-0, namespace: istio-system, annotations: {mesh.io/proxy: gateway}}
spec: {address: 127.64.0.3, labels: {istio: ingressgateway}}
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: edge}
spec:
  selector: {istio: ingressgateway}
  servers:
    - port: {number: 80, name: https, protocol: HTTPS}
      hosts: [shop.example.com]
      tls: {mode: SIMPLE, serverCertificate: /etc/certs/cert.pem, privateKey: /etc/certs/key.pem}
\`\`\`
`,
  MESH0203: `# MESH0203 LostInMerge

**warning**, in \`meshctl compat\` **ignored** · A part of a DestinationRule is lost, since an older one for the same host has it too.

DestinationRules for one host are put together. Of the traffic policy, and of a subset of the same name, the older rule's holds.

\`\`\`yaml
apiVersion: v1
kind: Service
metadata: {name: reviews}
spec: {selector: {app: reviews}, ports: [{name: http, port: 9080}]}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews}
spec:
  host: reviews
  subsets:
    - name: v1
      labels: {version: v1}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews-too}
spec:
  host: reviews
  subsets:
    - name: v1 # MESH0203
      labels: {version: v1}
\`\`\`

\`\`\`text
failing.yaml:21:7: warning MESH0203 DestinationRule default/reviews (failing.yaml:6:1) already has a subset "v1" for "reviews"; this one has no effect. Put the policy and the subsets of one host into one DestinationRule. (DestinationRule default/reviews-too)
\`\`\`

## What to do

Put the policy and the subsets of one host into one DestinationRule.

\`\`\`yaml
apiVersion: v1
kind: Service
metadata: {name: reviews}
spec: {selector: {app: reviews}, ports: [{name: http, port: 9080}]}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews}
spec:
  host: reviews
  subsets:
    - name: v1
      labels: {version: v1}
\`\`\`
`,
  MESH0204: `# MESH0204 TlsMismatch

**warning**, in \`meshctl compat\` **works** · A DestinationRule sends what the PeerAuthentication of its destination refuses.

The rule makes callers speak plain text, or TLS of their own, to workloads that take mTLS of the mesh alone; or the other way round. The calls fail with 503.

\`\`\`yaml
apiVersion: v1
kind: Service
metadata: {name: reviews}
spec: {selector: {app: reviews}, ports: [{name: http, port: 9080}]}
---
apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: {name: reviews-v1-0}
spec: {address: 127.64.0.2, labels: {app: reviews, version: v1, security.istio.io/tlsMode: istio}}
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: default}
spec: {mtls: {mode: STRICT}}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews}
spec:
  host: reviews
  trafficPolicy:
    tls: {mode: DISABLE} # MESH0204
\`\`\`

\`\`\`text
failing.yaml:22:5: warning MESH0204 "reviews-v1-0" takes mTLS of the mesh alone (PeerAuthentication default/default, failing.yaml:14:8); calls by this rule fail. Write \`mode: ISTIO_MUTUAL\`, or leave \`tls\` out. (DestinationRule default/reviews)
\`\`\`

## What to do

Leave \`tls\` out: callers find out by themselves what a workload takes.

\`\`\`yaml
apiVersion: v1
kind: Service
metadata: {name: reviews}
spec: {selector: {app: reviews}, ports: [{name: http, port: 9080}]}
---
apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: {name: reviews-v1-0}
spec: {address: 127.64.0.2, labels: {app: reviews, version: v1, security.istio.io/tlsMode: istio}}
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: default}
spec: {mtls: {mode: STRICT}}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews}
spec:
  host: reviews
\`\`\`
`,
  MESH0301: `# MESH0301 MeshFileField

**error**, in \`meshctl compat\` **refused** · A field of mesh.yaml is not known.

The field means nothing in mesh.yaml, so it may be a slip of the pen. Nothing starts until it is mended.

\`\`\`yaml
name: shop
config: config
processes:
  web:
    comand: node web.js # MESH0301
    port: 9080
\`\`\`

\`\`\`text
mesh.yaml:5:5: error MESH0301 Unknown field \`comand\`. Write \`command\`.
\`\`\`

## What to do

Write the field that the finding names. All fields are in the reference of mesh.yaml.

\`\`\`yaml
name: shop
config: config
processes:
  web:
    command: node web.js
    port: 9080
\`\`\`
`,
  MESH0302: `# MESH0302 MeshFileValue

**error**, in \`meshctl compat\` **refused** · A value or a name in mesh.yaml cannot be so, or is missing.

A value is of another form than the field takes or outside its bounds, a field that must be there is missing, or a name cannot be one. Nothing starts until it is mended.

\`\`\`yaml
name: shop
config: config
processes:
  my.app: # MESH0302
    command: node web.js
    port: 90800 # MESH0302
\`\`\`

\`\`\`text
mesh.yaml:4:3: error MESH0302 \`my.app\` is no name here, which takes lower case letters, digits and dashes (at most 63, no dash at an end).
mesh.yaml:6:5: error MESH0302 \`port\` must be at most 65535 (it is 90800).
\`\`\`

## What to do

Write a value that the field takes. Names of meshes, gateways and processes are made of lower case letters, digits and dashes.

\`\`\`yaml
name: shop
config: config
processes:
  my-app:
    command: node web.js
    port: 9080
\`\`\`
`,
  MESH0303: `# MESH0303 MeshFileFolder

**error**, in \`meshctl compat\` **refused** · A configuration folder that mesh.yaml names does not exist.

Paths in \`config\` count from the folder of mesh.yaml. Without its configuration a mesh would run without its policies, so nothing starts.

\`\`\`yaml
name: shop
config:
  - config
  - confg/policies # MESH0303
\`\`\`

\`\`\`text
mesh.yaml:4:5: error MESH0303 The configuration folder \`confg/policies\` does not exist. Make it, or write where it is.
\`\`\`

## What to do

Make the folder, or write where it is.

\`\`\`yaml
name: shop
config:
  - config
\`\`\`
`,
  MESH0901: `# MESH0901 NotCompiled

**error**, in \`meshctl compat\` **refused** · The object cannot be compiled, and is left out.

No configuration should bring this about: it tells of a mistake in this program. The object is left out, and everything else stands. Please report it with the object.
`,
}
