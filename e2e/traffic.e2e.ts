import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ask } from './src/http.ts'
import { failures, load } from './src/load.ts'
import { Mesh } from './src/mesh.ts'

let mesh: Mesh

beforeAll(async () => {
  mesh = await Mesh.start()
})

afterAll(async () => {
  await mesh.stop()
})

const reviewsTo = (spec: string): string => `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: reviews
spec:
  hosts:
  - reviews
  http:
${spec}`

const share = (shares: Record<string, number>): string =>
  reviewsTo(
    `  - route:\n${Object.entries(shares)
      .map(([subset, weight]) => `    - destination:\n        host: reviews\n        subset: ${subset}\n      weight: ${weight}\n`)
      .join('')}`,
  )

const viaProductpage = (index: number, headers: Record<string, string> = {}) =>
  ask(`http://reviews:9080/reviews/${index % 7}`, { proxy: mesh.proxy('productpage-v1').outbound, headers })

/** Which version of reviews answered: it names its pod as `reviews-v2-0`. */
async function versions(count: number, headers: Record<string, string> = {}): Promise<Record<string, number>> {
  const seen: Record<string, number> = { v1: 0, v2: 0, v3: 0 }
  const outcomes = await load(count, 8, (index) => viaProductpage(index, headers))
  expect(failures(outcomes)).toEqual([])
  for (const outcome of outcomes) {
    if (outcome instanceof Error) throw outcome
    const version = /"podname":\s*"reviews-(v\d)/.exec(outcome.body)?.[1]
    if (version === undefined) throw new Error(`no version in ${outcome.body}`)
    seen[version] = (seen[version] ?? 0) + 1
  }
  return seen
}

describe('the sample', () => {
  test('the page is served through the ingress gateway and shows details and reviews', async () => {
    const page = await ask(`${mesh.ingress}/productpage`)
    expect(page.status).toBe(200)
    expect(page.headers['content-type']).toContain('text/html')
    expect(page.body).toContain('The Comedy of Errors')
    expect(page.headers['server']).toBe('istio-envoy')
  })

  test('a person signs in and the user name travels to reviews', async () => {
    const body = 'username=jason&passwd='
    const good = await ask(`${mesh.ingress}/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'content-length': String(body.length) },
      body,
    })
    expect(good.status).toBe(302)
    const cookie = String(good.headers['set-cookie']).split(';')[0] ?? ''
    const page = await ask(`${mesh.ingress}/productpage`, { headers: { cookie } })
    expect(page.body).toContain('jason')
  })

  test('a path that no route names is 404 with flag NR at the gateway', async () => {
    const missing = await ask(`${mesh.ingress}/no-such-path`)
    expect(missing.status).toBe(404)
    await mesh.logged('istio-ingressgateway', (line) => line.includes('"GET /no-such-path HTTP/1.1" 404 NR route_not_found'))
  })
})

describe('splits', () => {
  test('80/20 over 2,000 requests stays within five standard deviations, and v3 gets none', async () => {
    await mesh.save('reviews.yaml', share({ v1: 80, v2: 20 }))
    const seen = await versions(2000)
    expect(seen['v3']).toBe(0)
    expect(Math.abs((seen['v2'] ?? 0) - 400)).toBeLessThan(5 * Math.sqrt(2000 * 0.8 * 0.2))
  })

  test('0/100 over 1,000 requests sends not one to the zero side', async () => {
    await mesh.save('reviews.yaml', share({ v1: 0, v3: 100 }))
    expect(await versions(1000)).toEqual({ v1: 0, v2: 0, v3: 1000 })
  })
})

describe('the public walk', () => {
  test('all traffic to v1', async () => {
    await mesh.save('reviews.yaml', share({ v1: 100 }))
    expect(await versions(200)).toEqual({ v1: 200, v2: 0, v3: 0 })
  })

  test('jason to v2, everyone else to v1', async () => {
    await mesh.save('reviews.yaml', mesh.read('networking/virtual-service-reviews-test-v2.yaml'))
    expect(await versions(100, { 'end-user': 'jason' })).toEqual({ v1: 0, v2: 100, v3: 0 })
    expect(await versions(100, { 'end-user': 'jason2' })).toEqual({ v1: 100, v2: 0, v3: 0 })
    expect(await versions(100)).toEqual({ v1: 100, v2: 0, v3: 0 })
  })

  test('half of it to v3', async () => {
    await mesh.save('reviews.yaml', mesh.read('networking/virtual-service-reviews-50-v3.yaml'))
    const seen = await versions(1000)
    expect(seen['v2']).toBe(0)
    expect(Math.abs((seen['v3'] ?? 0) - 500)).toBeLessThan(5 * Math.sqrt(250))
  })

  test('a 7 s delay for jason alone', async () => {
    await mesh.save('ratings.yaml', mesh.read('networking/virtual-service-ratings-test-delay.yaml'))
    const outbound = mesh.proxy('reviews-v2').outbound
    const started = performance.now()
    const slow = await ask('http://ratings:9080/ratings/0', { proxy: outbound, headers: { 'end-user': 'jason' } })
    expect(slow.status).toBe(200)
    expect(performance.now() - started).toBeGreaterThanOrEqual(7000)
    expect((await ask('http://ratings:9080/ratings/0', { proxy: outbound })).status).toBe(200)
    expect(await mesh.logged('reviews-v2', (line) => line.includes(' 200 DI '))).toContain('/ratings/0')
  })

  test('an abort for jason alone', async () => {
    await mesh.save('ratings.yaml', mesh.read('networking/virtual-service-ratings-test-abort.yaml'))
    const outbound = mesh.proxy('reviews-v2').outbound
    const aborted = await ask('http://ratings:9080/ratings/0', { proxy: outbound, headers: { 'end-user': 'jason' } })
    expect([aborted.status, aborted.body]).toEqual([500, expect.stringMatching(/^fault filter abort \(id [\w-]{36}\)$/)])
    expect((await ask('http://ratings:9080/ratings/0', { proxy: outbound })).status).toBe(200)
    await mesh.remove('ratings.yaml')
  })

  test('an abort in the old percent spelling', async () => {
    await mesh.save(
      'ratings.yaml',
      `apiVersion: networking.istio.io/v1alpha3
kind: VirtualService
metadata:
  name: ratings
spec:
  hosts: [ratings]
  http:
  - fault:
      abort:
        percent: 100
        httpStatus: 418
    route:
    - destination:
        host: ratings
`,
    )
    expect((await ask('http://ratings:9080/ratings/0', { proxy: mesh.proxy('reviews-v2').outbound })).status).toBe(418)
    await mesh.remove('ratings.yaml')
  })
})

describe('routes', () => {
  test('matches by prefix, exact, regex, method and header, and rewrites the path', async () => {
    await mesh.save(
      'reviews.yaml',
      reviewsTo(`  - match:
    - uri: {prefix: /old/}
    rewrite: {uri: /reviews/}
    route: [{destination: {host: reviews, subset: v1}}]
  - match:
    - uri: {regex: '/reviews/[5-6]'}
      method: {exact: GET}
    route: [{destination: {host: reviews, subset: v2}}]
  - match:
    - uri: {exact: /reviews/4}
      headers: {x-tier: {regex: 'go.*'}}
    route: [{destination: {host: reviews, subset: v3}}]
  - route: [{destination: {host: reviews, subset: v1}}]
`),
    )
    const pod = async (path: string, headers: Record<string, string> = {}): Promise<string | undefined> =>
      /"podname":\s*"(reviews-v\d)/.exec(
        (await ask(`http://reviews:9080${path}`, { proxy: mesh.proxy('productpage-v1').outbound, headers })).body,
      )?.[1]
    expect(await pod('/old/1')).toBe('reviews-v1')
    expect(await pod('/reviews/5')).toBe('reviews-v2')
    expect(await pod('/reviews/50')).toBe('reviews-v1')
    expect(await pod('/reviews/4', { 'x-tier': 'gold' })).toBe('reviews-v3')
    expect(await pod('/reviews/4', { 'x-tier': 'silver' })).toBe('reviews-v1')
  })

  test('a timeout answers 504 with flag UT', async () => {
    await mesh.save('ratings.yaml', mesh.read('networking/virtual-service-ratings-test-delay.yaml'))
    await mesh.save(
      'reviews.yaml',
      reviewsTo(`  - timeout: 0.5s
    route: [{destination: {host: reviews, subset: v2}}]
`),
    )
    const answer = await viaProductpage(0, { 'end-user': 'jason' })
    expect(answer.status).toBe(504)
    await mesh.logged('productpage-v1', (line) => / 504 UT /.test(line))
    await mesh.remove('ratings.yaml')
  })

  test('a subset that no rule defines is 503 with a flag, and the rest goes on', async () => {
    await mesh.save('reviews.yaml', share({ v9: 100 }))
    const answer = await viaProductpage(0)
    expect(answer.status).toBe(503)
    await mesh.logged('productpage-v1', (line) => / 503 (NC|UH) /.test(line))
    expect((await ask('http://details:9080/details/0', { proxy: mesh.proxy('productpage-v1').outbound })).status).toBe(200)
    await mesh.save('reviews.yaml', share({ v1: 100 }))
  })
})
