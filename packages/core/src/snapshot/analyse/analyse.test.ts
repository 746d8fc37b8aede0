import { expect, test } from 'vitest'
import type { Origin } from '../../config/origin.ts'
import { buildSnapshot } from '../index.ts'

const BASE = `apiVersion: v1
kind: Service
metadata: {name: reviews}
spec: {selector: {app: reviews}, ports: [{name: http, port: 9080}]}
---
apiVersion: v1
kind: Service
metadata: {name: many}
spec: {selector: {app: many}, ports: [{name: http, port: 80}, {name: tcp-db, port: 81}]}
---
apiVersion: v1
kind: Service
metadata: {name: ingress, namespace: istio-system}
spec: {selector: {istio: ingressgateway}, ports: [{name: http2, port: 80}]}
---
apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: {name: reviews-v1-0}
spec: {address: 127.64.0.2, labels: {app: reviews, version: v1}}
---
apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: {name: ingress-0, namespace: istio-system}
spec: {address: 127.64.0.3, labels: {istio: ingressgateway}}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews}
spec:
  host: reviews
  subsets: [{name: v1, labels: {version: v1}}]
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: edge}
spec: {selector: {istio: ingressgateway}, servers: [{port: {number: 80, protocol: HTTP, name: http}, hosts: ["*.example.com"]}]}
`
const virtualService = (name: string, spec: string, meta = '') =>
  `apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: ${name}${meta}}\nspec: {${spec}}\n`
const istio = (kind: string, spec: string, meta = 'name: a') =>
  `apiVersion: ${kind === 'AuthorizationPolicy' ? 'security' : 'networking'}.istio.io/v1\nkind: ${kind}\nmetadata: {${meta}}\nspec: {${spec}}\n`

/** File and line, and the word that stands at the column. */
function place(origin: Origin, sources: readonly { readonly file: string; readonly text: string }[]): string {
  const line = sources.find((source) => source.file === origin.file)?.text.split('\n')[(origin.line ?? 0) - 1]
  return `${origin.file}:${origin.line} <${/^[\w"*.]+|^./.exec(line?.slice((origin.column ?? 0) - 1) ?? '')?.[0]}>`
}

function told(...texts: string[]): string[] {
  const sources = [{ file: 'base.yaml', text: BASE }, ...texts.map((text, index) => ({ file: `${index}.yaml`, text }))]
  return buildSnapshot({ sources }).findings.map(
    (one) => `${place(one.origin, sources)} ${one.code} ${one.message}${one.fix === undefined ? '' : ` | ${one.fix}`}`,
  )
}

test('a configuration whose names all lead somewhere has no findings', () => {
  expect(told(virtualService('a', 'hosts: [reviews], http: [{route: [{destination: {host: reviews, subset: v1}}]}]'))).toEqual([])
  expect(
    told(
      virtualService('a', 'hosts: [reviews.default.svc.cluster.local], http: [{route: [{destination: {host: many, port: {number: 81}}}]}]'),
    ),
  ).toEqual([])
  expect(
    told(
      virtualService(
        'a',
        'hosts: [shop.example.com], gateways: [edge], http: [{route: [{destination: {host: reviews.default.svc.cluster.local}}]}]',
      ),
    ),
  ).toEqual([])
})

test.each([
  [
    'a host without a service',
    virtualService('a', 'hosts: [reviews], http: [{route: [{destination: {host: review}}]}]'),
    '0.yaml:4 <host> IST0101 No service has the host "review"; requests get 503. | Write `reviews`.',
  ],
  [
    'an unknown subset',
    virtualService('a', 'hosts: [reviews], http: [{route: [{destination: {host: reviews, subset: v2}}]}]'),
    '0.yaml:4 <subset> IST0101 No DestinationRule of "reviews" has the subset "v2"; requests get 503. | Write `v1`.',
  ],
  [
    'an unknown port',
    virtualService('a', 'hosts: [reviews], http: [{route: [{destination: {host: reviews, port: {number: 1}}}]}]'),
    '0.yaml:4 <number> IST0101 "reviews" has no port 1; requests get 503. | Write one of 9080.',
  ],
  [
    'no port of several',
    virtualService('a', 'hosts: [reviews], http: [{route: [{destination: {host: many}}]}]'),
    '0.yaml:4 <destination> IST0112 "many" has several ports, and none is named. | Write `port: {number: …}` with one of 80, 81.',
  ],
  [
    'a missing gateway',
    virtualService('a', 'hosts: ["*"], gateways: [egde], http: [{route: [{destination: {host: reviews}}]}]'),
    '0.yaml:4 <egde> IST0101 There is no Gateway "egde". | Write `edge`.',
  ],
  [
    'a host that its gateway does not serve',
    virtualService('a', 'hosts: [shop.example.org], gateways: [edge], http: [{route: [{destination: {host: reviews}}]}]'),
    '0.yaml:4 <shop.example.org> IST0132 No server of the gateway default/edge takes the host "shop.example.org".',
  ],
  [
    'a rule for a host without a service',
    istio('DestinationRule', 'host: nobody'),
    '0.yaml:4 <host> IST0174 No service has the host "nobody", so the rule applies to nothing.',
  ],
  [
    'a subset without workloads',
    istio('DestinationRule', 'host: reviews.default.svc.cluster.local, subsets: [{name: v9, labels: {version: v9}}]'),
    '0.yaml:4 <{> IST0173 No workload of "reviews.default.svc.cluster.local" has the labels version=v9; requests to subset "v9" get 503.',
  ],
  [
    'a gateway without workloads',
    istio('Gateway', 'selector: {istio: nowhere}, servers: [{port: {number: 80, protocol: HTTP, name: http}, hosts: ["*"]}]'),
    '0.yaml:4 <selector> IST0101 No workload has the labels that the gateway selects, so nothing opens its ports.',
  ],
  [
    'a port that the gateway does not offer',
    istio('Gateway', 'selector: {istio: ingressgateway}, servers: [{port: {number: 8443, protocol: HTTP, name: http}, hosts: ["*"]}]'),
    "0.yaml:4 <number> IST0162 The service of the gateway's workloads offers no port 8443. | It offers 80.",
  ],
  [
    'a policy that selects nobody',
    istio('AuthorizationPolicy', 'selector: {matchLabels: {app: nobody}}'),
    '0.yaml:4 <selector> IST0127 No workload of default has the labels app=nobody.',
  ],
  [
    'a route behind one that takes all',
    virtualService(
      'a',
      'hosts: [reviews], http: [{route: [{destination: {host: reviews}}]}, {name: b, route: [{destination: {host: reviews}}]}]',
    ),
    '0.yaml:4 <{> IST0130 Route 1 takes every request, so route 2 is never reached. | Put the route without `match` last.',
  ],
  [
    'a route that asks for the same',
    virtualService(
      'a',
      'hosts: [reviews], http: [{match: [{uri: {exact: /a}}], route: [{destination: {host: reviews}}]}, {match: [{uri: {exact: /a}}], route: [{destination: {host: reviews}}]}]',
    ),
    '0.yaml:4 <match> IST0130 Route 1 asks for the same, so route 2 is never reached.',
  ],
  [
    'a port whose name says nothing',
    'apiVersion: v1\nkind: Service\nmetadata: {name: x}\nspec: {ports: [{name: web, port: 80}]}\n',
    '0.yaml:4 <name> IST0118 The name of port 80 does not say its protocol; it is taken as HTTP. | Write a name like `http-web` or `tcp-db`.',
  ],
  [
    'a port of UDP',
    'apiVersion: v1\nkind: Service\nmetadata: {name: x}\nspec: {ports: [{name: tcp-dns, port: 53}, {name: dns, port: 53, protocol: UDP}]}\n',
    '0.yaml:4 <{> MESH0102 Port 53 is UDP, which this mesh does not carry.',
  ],
  [
    'a port of SCTP',
    'apiVersion: v1\nkind: Service\nmetadata: {name: x}\nspec: {ports: [{name: http, port: 53, protocol: SCTP}]}\n',
    '0.yaml:4 <{> MESH0102 Port 53 is SCTP, which this mesh does not carry.',
  ],
  [
    'a port of UDP outside, once for all its hosts',
    istio('ServiceEntry', 'hosts: [a.example.com, b.example.com], resolution: DNS, ports: [{number: 53, name: dns, protocol: UDP}]'),
    '0.yaml:4 <{> MESH0102 Port 53 is UDP, which this mesh does not carry.',
  ],
])('%s is told with its place', (_what, text, finding) => expect(told(text)).toEqual([finding]))

test('of two rules for one host the older holds, and the other is told', () => {
  const rule = (name: string, created: string) =>
    virtualService(name, 'hosts: [reviews], http: [{route: [{destination: {host: reviews}}]}]', `, creationTimestamp: "${created}"`)
  expect(told(rule('a', '2024-01-02T00:00:00Z'), rule('b', '2024-01-01T00:00:00Z'))).toEqual([
    '0.yaml:4 <reviews> IST0109 VirtualService default/b (1.yaml:1:1) already routes "reviews"; this one does not. | Put the routes of one host into one VirtualService.',
  ])
})

test('what a DestinationRule loses to an older one for the same host is told', () => {
  const policy = 'host: reviews.default.svc.cluster.local, trafficPolicy: {loadBalancer: {simple: RANDOM}}'
  expect(
    told(
      istio('DestinationRule', `${policy}, subsets: [{name: all}, {name: v1}]`, 'name: b, creationTimestamp: "2024-01-02T00:00:00Z"'),
      istio('DestinationRule', policy, 'name: c, creationTimestamp: "2024-01-03T00:00:00Z"'),
    ),
  ).toEqual([
    '0.yaml:4 <{> MESH0203 DestinationRule default/reviews (base.yaml:26:1) already has a subset "v1" for "reviews.default.svc.cluster.local"; this one has no effect. | Put the policy and the subsets of one host into one DestinationRule.',
    '1.yaml:4 <trafficPolicy> MESH0203 DestinationRule default/b (0.yaml:1:1) already has a `trafficPolicy` for "reviews.default.svc.cluster.local"; this one has no effect. | Put the policy and the subsets of one host into one DestinationRule.',
  ])
})

test('DestinationRules that select workloads meet only where they select the same', () => {
  const rule = (name: string, labels: string) =>
    istio(
      'DestinationRule',
      `host: many, trafficPolicy: {loadBalancer: {simple: RANDOM}}, workloadSelector: {matchLabels: {${labels}}}`,
      `name: ${name}`,
    )
  const lost = (name: string) => expect.stringContaining(`MESH0203 DestinationRule default/${name} `)
  expect(told(rule('a', ''), rule('b', 'app: reviews'), rule('c', 'app: other'))).toEqual([])
  expect(told(rule('a', 'version: v1'), rule('b', 'app: reviews'))).toEqual([lost('a')])
  expect(told(rule('a', 'app: other'), rule('b', 'app: other'))).toEqual([lost('a')])
})

test('Sidecars that stand in each other’s way are told', () => {
  expect(
    told(istio('Sidecar', 'egress: [{hosts: ["./*"]}]', 'name: a'), istio('Sidecar', 'egress: [{hosts: ["./*"]}]', 'name: b')),
  ).toEqual(['1.yaml:4 <spec> IST0111 Sidecar a already holds for all of default. | Give one of them a `workloadSelector`.'])
  const selecting = (name: string, label: string) => istio('Sidecar', `workloadSelector: {labels: {${label}}}`, `name: ${name}`)
  expect(told(selecting('a', 'app: reviews'), selecting('b', 'version: v1'))).toEqual([
    '1.yaml:4 <workloadSelector> IST0110 Sidecar a already selects some of these workloads; it holds for them.',
  ])
})

test('a match that an earlier route has asked for is told, when the rest of its route is reached', () => {
  const rule = virtualService(
    'a',
    'hosts: [reviews], http: [{match: [{uri: {exact: /a}}], route: [{destination: {host: reviews}}]}, {match: [{uri: {exact: /b}}, {uri: {exact: /a}}], route: [{destination: {host: reviews}}]}]',
  )
  expect(told(rule)).toEqual([
    '0.yaml:4 <{> IST0131 Route 1 asks for the same, so match 2 of route 2 is never used. | Leave the match out.',
  ])
})

test('two services that say different protocols for one port of a workload are told, once', () => {
  const twin = (port: string) =>
    `apiVersion: v1\nkind: Service\nmetadata: {name: twin}\nspec: {selector: {app: reviews}, ports: [${port}]}\n`
  expect(told(twin('{name: tcp, port: 9080}'))).toEqual([
    '0.yaml:4 <{> IST0116 Port 9080 of the workloads is HTTP by Service default/reviews (base.yaml:1:1) and TCP here; the first holds. | Say the same protocol in both.',
  ])
  expect(told(twin('{name: http-other, port: 9080}'))).toEqual([])
  expect(told(twin('{name: tcp, port: 9080, targetPort: 9999}'))).toEqual([])
})

test('two Gateways that open one port for one host are told, others not', () => {
  const gateway = (host: string, port = 80, selector = 'istio: ingressgateway') =>
    istio(
      'Gateway',
      `selector: {${selector}}, servers: [{port: {number: ${port}, protocol: HTTP, name: http}, hosts: ["${host}"]}]`,
      'name: other',
    )
  expect(told(gateway('*.example.com'))).toEqual([
    '0.yaml:4 <"*.example.com"> IST0145 Gateway default/edge (base.yaml:33:1) already opens this port for "*.example.com". | Put the servers of one port and host into one Gateway.',
  ])
  expect(told(gateway('shop.example.com'))).toEqual([])
  expect(told(gateway('elsewhere/*.example.com'))).toEqual([])
})

test('a rule whose TLS its destination refuses is told with the policy that says so', () => {
  const policy = (mode: string) =>
    `apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: all}\nspec: {mtls: {mode: ${mode}}}\n`
  const secure =
    'apiVersion: networking.istio.io/v1\nkind: WorkloadEntry\nmetadata: {name: secure-0}\nspec: {address: 127.64.0.9, labels: {app: many, security.istio.io/tlsMode: istio}}\n'
  const rule = (tls: string) => istio('DestinationRule', `host: many, trafficPolicy: {${tls}}`)
  const refused =
    '2.yaml:4 <tls> MESH0204 "secure-0" takes mTLS of the mesh alone (PeerAuthentication default/all, 1.yaml:4:8); calls by this rule fail. | Write `mode: ISTIO_MUTUAL`, or leave `tls` out.'
  expect(told(secure, policy('STRICT'), rule('tls: {mode: DISABLE}'))).toEqual([refused])
  expect(told(secure, policy('STRICT'), rule('tls: {mode: SIMPLE}'))).toEqual([refused])
  expect(told(secure, policy('STRICT'), rule('tls: {mode: ISTIO_MUTUAL}'))).toEqual([])
  expect(told(secure, policy('PERMISSIVE'), rule('tls: {mode: DISABLE}'))).toEqual([])
  expect(told(secure, policy('DISABLE'), rule('portLevelSettings: [{port: {number: 81}, tls: {mode: ISTIO_MUTUAL}}]'))).toEqual([
    '2.yaml:4 <tls> MESH0204 "secure-0" takes no mTLS (PeerAuthentication default/all, 1.yaml:4:8); calls by this rule fail. | Write `mode: DISABLE`, or leave `tls` out.',
  ])
})

test('an object may ask not to hear warnings of a code, never errors', () => {
  const rule = (codes: string, host = 'nobody') =>
    istio('DestinationRule', `host: ${host}`, `name: a, annotations: {galley.istio.io/analyze-suppress: "${codes}"}`)
  expect(told(rule('IST0173'))).toHaveLength(1)
  expect(told(rule('IST0173, IST0174'))).toEqual([])
  expect(told(rule('*'))).toEqual([])
  expect(told(rule('*', 'not a host'))).toHaveLength(1)
})

test('without registered workloads nothing is said about them', () => {
  const text = BASE.split('---\n')
    .filter((part) => !part.includes('WorkloadEntry'))
    .join('---\n')
  expect(buildSnapshot({ sources: [{ file: 'a.yaml', text }] }).findings).toEqual([])
})
