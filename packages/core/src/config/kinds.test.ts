import { describe, expect, test } from 'vitest'
import { loadSources } from './index.ts'

const GROUPS = {
  VirtualService: 'networking',
  DestinationRule: 'networking',
  Gateway: 'networking',
  ServiceEntry: 'networking',
  WorkloadEntry: 'networking',
  Sidecar: 'networking',
  PeerAuthentication: 'security',
  AuthorizationPolicy: 'security',
} as const

/** The findings about an Istio object with this `spec`, as `field: code message | fix`. */
function findings(kind: keyof typeof GROUPS, spec: unknown): string[] {
  const text = JSON.stringify({ apiVersion: `${GROUPS[kind]}.istio.io/v1`, kind, metadata: { name: 'a' }, spec })
  const loaded = loadSources([{ file: 'a.json', text }])
  expect(loaded.objects.length + loaded.broken.length).toBe(1)
  expect(loaded.broken.length === 0).toBe(loaded.findings.every((finding) => finding.severity !== 'error'))
  return loaded.findings.map((one) => `${one.origin.field}: ${one.code} ${one.message}${one.fix === undefined ? '' : ` | ${one.fix}`}`)
}

const to = (host: string, more: object = {}) => ({ destination: { host }, ...more })
const http = (...routes: object[]) => ({ hosts: ['reviews'], http: routes })
const route = (more: object) => http({ route: [to('reviews')], ...more })

describe('VirtualService', () => {
  const check = (spec: unknown) => findings('VirtualService', spec)

  test('the public examples are valid without remarks', () => {
    expect(
      check(
        http({
          match: [{ headers: { 'end-user': { exact: 'jason' } } }],
          route: [to('reviews', { weight: 80 }), to('ratings', { weight: 20 })],
        }),
      ),
    ).toEqual([])
    expect(
      check(
        route({
          fault: { delay: { percentage: { value: 0.1 }, fixedDelay: '7s' }, abort: { httpStatus: 500, percentage: { value: 100 } } },
          timeout: '0s',
        }),
      ),
    ).toEqual([])
    expect(
      check(
        http({
          match: [{ uri: { prefix: '/a' }, ignoreUriCase: true }],
          rewrite: { uri: '/b' },
          route: [to('reviews')],
          retries: { attempts: 3, perTryTimeout: '2s', retryOn: 'gateway-error,503' },
        }),
      ),
    ).toEqual([])
    expect(check({ hosts: ['a'], tcp: [{ match: [{ port: 9000 }], route: [to('tcp-echo')] }] })).toEqual([])
  })

  test('weights that add up to nothing are an error, to something else than 100 a warning', () => {
    expect(check(http({ route: [to('a', { weight: 0 }), to('b')] }))).toEqual([
      'spec.http[0].route: IST0106 `route` shares no traffic: the weights add up to 0. | Give at least one destination a weight above 0.',
    ])
    expect(check(http({ route: [to('a', { weight: 3 }), to('b', { weight: 1 })] }))).toEqual([
      'spec.http[0].route: IST0133 The weights add up to 4, not 100; they are taken as shares of 4. | Write weights that add up to 100.',
    ])
    expect(check(http({ route: [to('a', { weight: 0 })] }))).toEqual([])
    expect(check(http({ route: [to('a', { weight: -1 })] }))).toEqual([
      'spec.http[0].route[0].weight: IST0106 `weight` must be at least 0 (it is -1).',
    ])
  })

  test('the old integer percent works, and is told', () => {
    expect(check(route({ fault: { delay: { percent: 10, fixedDelay: '5s' } } }))).toEqual([
      'spec.http[0].fault.delay.percent: IST0002 `percent` is an old spelling. | Write `percentage: {value: …}`.',
    ])
  })

  test('durations, regular expressions, hosts and statuses are checked', () => {
    expect(check(route({ timeout: '5 s' }))[0]).toMatch(/^spec\.http\[0\]\.timeout: IST0106 `timeout` is not a duration \(it is "5 s"\)/)
    expect(check(route({ match: [{ uri: { regex: '(?=a)' } }] }))[0]).toMatch(/`regex` is not a regular expression in RE2's syntax/)
    expect(check(route({ match: [{ uri: { regex: 'a'.repeat(1025) } }] }))[0]).toMatch(/`regex` is a regular expression of 1025 characters/)
    expect(check({ hosts: ['no host!'], http: [{ route: [to('a')] }] })[0]).toMatch(/^spec\.hosts\[0\]: IST0106 `hosts` is not a host name/)
    expect(check(route({ fault: { abort: { httpStatus: 42 } } }))[0]).toMatch(/`httpStatus` must be at least 200/)
    expect(check(route({ retries: { attempts: 1, retryOn: '5xx,sometimes' } }))[0]).toMatch(/`retryOn` knows no condition "sometimes"/)
  })

  test('a regular expression that would be a large program is refused with what to write, and so are many together', () => {
    const uri = (regex: string) => ({ match: [{ uri: { regex } }], route: [to('a')] })
    const large = 'is a regular expression whose program has about 4007 instructions; at most 1250 are taken'
    const fix = 'Counted repetitions multiply: write `*` or `+` for `{n,m}`, or lower the numbers.'
    expect(check(http(uri('(.?){1000}N')))).toEqual([
      `spec.http[0].match[0].uri.regex: IST0106 \`regex\` ${large} (it is "(.?){1000}N"). | ${fix}`,
    ])
    expect(check(route({ rewrite: { uriRegexRewrite: { match: '(.?){1000}N', rewrite: '/' } } }))[0]).toContain(large)
    expect(check(http(...Array.from({ length: 20 }, (_, index) => uri(`/${index}/[a-z]{1,300}`))))).toEqual([])
    expect(check(http(...Array.from({ length: 40 }, (_, index) => uri(`/${index}/[a-z]{1,300}`))))[0]).toMatch(
      /has regular expressions whose programs have about \d+ instructions together; at most 20000 are taken/,
    )
  })

  test('without hosts it is for delegation, and has HTTP routes alone', () => {
    const told =
      'spec.hosts: MESH0101 A VirtualService without `hosts` is reached only by delegation, which has no effect yet. | Write the service, like `hosts: [reviews]`.'
    expect(check({ http: [{ route: [to('a')] }] })).toEqual([told])
    expect(check({ hosts: [], http: [{ route: [to('a')] }] })).toEqual([told])
    expect(check({ gateways: ['edge'], http: [{ route: [to('a')] }] })).toEqual([
      'spec.hosts: IST0106 `hosts` must name at least one host, since there are `gateways`. | Write the service, like `hosts: [reviews]`.',
    ])
    expect(check({ tcp: [{ route: [to('a')] }] })[0]).toMatch(
      /^spec\.hosts: IST0106 `hosts` must name at least one host, since there are `tcp`/,
    )
  })

  test('a route answers in exactly one way', () => {
    expect(check(http({ match: [{ uri: { exact: '/' } }] }))[0]).toMatch(/^spec\.http\[0\]: IST0106 `http` goes nowhere/)
    expect(check(route({ redirect: { uri: '/' } }))[0]).toMatch(
      /^spec\.http\[0\]\.redirect: IST0106 `redirect` cannot stand beside `route`/,
    )
    expect(check({ hosts: ['a'] })[0]).toMatch(/has no routes/)
    expect(check(http({ match: [{ uri: { exact: '/', prefix: '/' } }], route: [to('a')] }))[0]).toMatch(
      /`uri` needs exactly one of `exact`, `prefix` and `regex`/,
    )
  })

  test('what has no effect yet is told, field by field', () => {
    const told = check(route({ mirror: { host: 'b' }, mirrorPercentage: { value: 10 }, corsPolicy: { allowOrigins: [{ exact: 'a' }] } }))
    expect(told).toEqual(
      ['mirror', 'mirrorPercentage', 'corsPolicy'].map((field) => `spec.http[0].${field}: MESH0101 \`${field}\` has no effect yet.`),
    )
  })

  test('header names in a match that can never match are told', () => {
    expect(check(route({ match: [{ headers: { 'End-User': { exact: 'a' }, uri: { exact: '/' } } }] }))).toEqual([
      'spec.http[0].match[0].headers.End-User: IST0133 Header names are matched in lower case: `End-User`. | Write `end-user`.',
      'spec.http[0].match[0].headers.uri: IST0133 `uri` is ignored below `headers`. | Write `uri` beside `headers`.',
    ])
  })

  test('a header value cannot end its line', () => {
    expect(check(route({ headers: { request: { set: { 'x-a': 'b\r\nx-evil: 1' } } } }))[0]).toMatch(
      /^spec\.http\[0\]\.headers\.request\.set\.x-a: IST0106 `x-a` is not the value of a header/,
    )
    expect(check(route({ headers: { response: { add: { 'x a': 'b' } } } }))[0]).toMatch(/`x a` is not the name of a header/)
    expect(check(route({ rewrite: { authority: 'a\nb' } }))[0]).toMatch(/`authority` holds a control character/)
    expect(check(http({ redirect: { uri: '/a\r\nx: y' } }))[0]).toMatch(/`uri` holds a control character/)
  })
})

describe('DestinationRule', () => {
  const check = (spec: unknown) => findings('DestinationRule', spec)

  test('subsets and traffic policy of the public examples are valid', () => {
    expect(
      check({
        host: 'reviews',
        subsets: [{ name: 'v1', labels: { version: 'v1' }, trafficPolicy: { loadBalancer: { simple: 'ROUND_ROBIN' } } }],
        trafficPolicy: {
          tls: { mode: 'ISTIO_MUTUAL' },
          connectionPool: { tcp: { maxConnections: 1, connectTimeout: '30ms' }, http: { http1MaxPendingRequests: 1 } },
        },
      }),
    ).toEqual([])
  })

  test('old and unsupported words are told', () => {
    expect(check({ host: 'a', trafficPolicy: { loadBalancer: { simple: 'LEAST_CONN' } } })).toEqual([
      'spec.trafficPolicy.loadBalancer.simple: IST0002 `LEAST_CONN` is an old spelling. | Write `LEAST_REQUEST`.',
    ])
    expect(
      check({ host: 'a', trafficPolicy: { outlierDetection: { consecutiveErrors: 5, outlierDetectionHttpErrorCodes: ['429'] } } }),
    ).toEqual([
      'spec.trafficPolicy.outlierDetection.consecutiveErrors: IST0002 `consecutiveErrors` is an old spelling. | Write `consecutiveGatewayErrors`.',
      'spec.trafficPolicy.outlierDetection.outlierDetectionHttpErrorCodes: MESH0101 `outlierDetectionHttpErrorCodes` has no effect yet.',
    ])
    expect(check({ host: 'a', trafficPolicy: { retryBudget: { percent: 25, budgetInterval: '0s' } } })).toEqual([])
    expect(check({ host: 'a', trafficPolicy: { retryBudget: { budgetInterval: '5s' } } })).toEqual([
      'spec.trafficPolicy.retryBudget.budgetInterval: MESH0101 `budgetInterval` has no effect yet; what is under way at the moment counts. | Write `0s`, or nothing.',
    ])
    expect(check({ host: 'a', trafficPolicy: { tls: { mode: 'SIMPLE', insecureSkipVerify: true } } })).toEqual([
      'spec.trafficPolicy.tls.insecureSkipVerify: IST0128 The certificate of the destination is not verified. | Write `caCertificates`, the path of a PEM file.',
    ])
  })

  test('names, labels and counts are checked', () => {
    expect(check({ host: 'a', subsets: [{ name: 'v1' }, { name: 'v1' }] })).toEqual([
      'spec.subsets[1].name: IST0106 `name` is the name of an earlier subset (it is "v1").',
    ])
    expect(check({ host: 'a', subsets: [{ name: 'v1', labels: { version: 1 } }] })).toEqual([
      'spec.subsets[0].labels.version: IST0106 `version` must be text, and is a number. | Write it in quotes.',
    ])
    expect(check({ subsets: [] })).toEqual(['spec.host: IST0106 `host` is missing.'])
    expect(check({ host: 'a', trafficPolicy: { connectionPool: { tcp: { maxConnections: 1.5 } } } })[0]).toMatch(
      /`maxConnections` must be a whole number/,
    )
  })
})

describe('Gateway, ServiceEntry, WorkloadEntry and Sidecar', () => {
  test('the public examples are valid', () => {
    expect(
      findings('Gateway', {
        selector: { istio: 'ingressgateway' },
        servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['*', './a.example.com'] }],
      }),
    ).toEqual([])
    expect(
      findings('ServiceEntry', {
        hosts: ['api.example.com'],
        ports: [{ number: 443, name: 'https', protocol: 'HTTPS' }],
        resolution: 'DNS',
        location: 'MESH_EXTERNAL',
      }),
    ).toEqual([])
    expect(findings('WorkloadEntry', { address: '127.64.0.2', labels: { app: 'a' }, ports: { http: 9080 }, serviceAccount: 'a' })).toEqual(
      [],
    )
    expect(
      findings('Sidecar', { egress: [{ hosts: ['./*', 'istio-system/*'] }], outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } }),
    ).toEqual([])
  })

  test('mistakes are named', () => {
    expect(findings('Gateway', { servers: [{ port: { number: 80, protocol: 'HTTP' }, hosts: [] }] })).toEqual([
      'spec.servers[0].hosts: IST0106 `hosts` must hold at least 1 item.',
    ])
    expect(findings('ServiceEntry', { hosts: ['*.example.com'], resolution: 'DNS' })[0]).toMatch(/`hosts` cannot be resolved by DNS/)
    expect(findings('ServiceEntry', { hosts: ['a.b'], endpoints: [{ address: 'not an address' }], resolution: 'STATIC' })[0]).toMatch(
      /`address` is not an address/,
    )
    expect(findings('Sidecar', { egress: [{ hosts: ['reviews'] }] })[0]).toMatch(/`hosts` is not `namespace\/host`/)
    expect(findings('WorkloadEntry', { address: '10.0.0.1', ports: { http: 99_999 } })[0]).toMatch(/`http` must be at most 65535/)
  })
})

describe('PeerAuthentication and AuthorizationPolicy', () => {
  const policy = (spec: unknown) => findings('AuthorizationPolicy', spec)

  test('the public examples are valid', () => {
    expect(findings('PeerAuthentication', { mtls: { mode: 'STRICT' } })).toEqual([])
    expect(
      findings('PeerAuthentication', { selector: { matchLabels: { app: 'a' } }, portLevelMtls: { 8080: { mode: 'DISABLE' } } }),
    ).toEqual([])
    expect(policy({})).toEqual([])
    expect(policy({ rules: [{}] })).toEqual([])
    expect(
      policy({
        selector: { matchLabels: { app: 'a' } },
        action: 'ALLOW',
        rules: [
          {
            from: [{ source: { principals: ['cluster.local/ns/default/sa/sleep'] } }],
            to: [{ operation: { methods: ['GET'], paths: ['/info*', '/a/{*}/b/{**}'] } }],
            when: [{ key: 'request.headers[x-a]', values: ['b'] }],
          },
        ],
      }),
    ).toEqual([])
  })

  test('nothing that could open is taken for granted', () => {
    expect(policy({ action: 'DNEY', rules: [{}] })).toEqual([
      'spec.action: IST0106 `action` must be one of ALLOW, DENY, AUDIT, CUSTOM (it is "DNEY"). | Write `DENY`.',
    ])
    expect(policy({ rules: [{ from: [{ source: {} }] }] })[0]).toMatch(/`source` is empty/)
    expect(policy({ rules: [{ from: [{ source: { principals: null } }] }] }).some((one) => one.includes('`principals` has no value'))).toBe(
      true,
    )
    expect(policy({ rules: [{ from: [] }] })[0]).toMatch(/`from` must hold at least 1 item/)
    expect(policy({ rules: [{ when: [{ key: 'request.header[x]', values: ['a'] }] }] })[0]).toMatch(
      /`key` is no condition that Istio knows/,
    )
    expect(policy({ rules: [{ to: [{ operation: { paths: ['/a/{*}b'] } }] }] })[0]).toMatch(/`paths` is not a path or template/)
    expect(policy({ rules: [{ to: [{ operation: { ports: ['http'] } }] }] })[0]).toMatch(/`ports` is not a port number/)
    expect(policy({ rules: [{ from: [{ source: { ipBlocks: ['10.0.0.0/33'] } }] }] })[0]).toMatch(
      /`ipBlocks` is not an IP address or block/,
    )
    for (const [key, value, fault] of [
      ['source.ip', '10.0.0.0/33', 'an IP address or block'],
      ['remote.ip', 'example.com', 'an IP address or block'],
      ['destination.ip', '', 'an IP address or block'],
      ['destination.port', 'http', 'a port number'],
      ['destination.port', '70000', 'a port number'],
    ] as const) {
      const told = policy({ action: 'DENY', rules: [{ when: [{ key, notValues: [value === '' ? ' ' : value] }] }] })
      expect(told[0]).toMatch(new RegExp(`is not ${fault}`))
    }
    expect(policy({ rules: [{ from: [{ source: { namespaces: ['a'.repeat(401)] } }] }] })[0]).toMatch(/`namespaces` must be at most 400/)
    expect(policy({ rules: [{ when: [{ key: 'source.namespace', values: ['a'.repeat(401)] }] }] })[0]).toMatch(
      /is longer than 400 characters/,
    )
    expect(policy({ rules: [{ to: [{ operation: { paths: [`/{*}/${'a'.repeat(480)}`] } }] }] })[0]).toMatch(
      /is a template of more than 480/,
    )
    expect(findings('PeerAuthentication', { portLevelMtls: { 80: { mode: 'DISABLE' } } })[0]).toMatch(
      /`portLevelMtls` needs a workload selector/,
    )
    expect(findings('PeerAuthentication', { mtls: { mode: 'STRCT' } })[0]).toMatch(/Write `STRICT`/)
  })

  test('what is judged otherwise than it reads is told', () => {
    expect(policy({ action: 'DENY' })[0]).toMatch(/A DENY policy without rules denies nothing/)
    expect(policy({ action: 'AUDIT', rules: [{}] })).toEqual([
      'spec.action: MESH0101 `action: AUDIT` has no effect yet; nothing is recorded.',
    ])
    expect(policy({ rules: [{ from: [{ source: { requestPrincipals: ['*'] } }] }] })[0]).toMatch(/Tokens are not verified yet/)
  })
})
