import type { IncomingMessage } from 'node:http'
import { page, type Details, type Reviews } from './page.ts'
import { bodyOf, serve, type Reply } from './server.ts'
import { forwarded } from './trace.ts'

const PRODUCT = { id: 0, title: 'The Comedy of Errors', descriptionHtml: 'A comedy by William Shakespeare' }
const HTML = { 'content-type': 'text/html; charset=utf-8' }
const MAX_USER_LENGTH = 64

/** What came back from a service: its body, or the status and the reason. */
export type Fetched<T> = { readonly ok: true; readonly body: T } | { readonly ok: false; readonly status: number; readonly reason: string }

serve(async (request, url): Promise<Reply> => {
  switch (url.pathname) {
    case '/':
      return { status: 302, body: '', headers: { location: '/productpage' } }
    case '/health':
      return { status: 200, body: 'Product page is healthy', headers: HTML }
    case '/productpage':
      return productPage(request)
    case '/login':
      return signIn(await bodyOf(request))
    case '/logout':
      return {
        status: 302,
        body: '',
        headers: { location: '/productpage', 'set-cookie': 'user=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0' },
      }
    case '/api/v1/products':
      return { status: 200, body: [PRODUCT] }
    default:
      return api(request, url.pathname)
  }
})

async function productPage(request: IncomingMessage): Promise<Reply> {
  const user = userOf(request)
  const [details, reviews] = await Promise.all([
    call<Details>(request, 'http://details:9080/details/0'),
    call<Reviews>(request, 'http://reviews:9080/reviews/0'),
  ])
  return { status: 200, body: page({ product: PRODUCT, user, details, reviews }), headers: HTML }
}

async function api(request: IncomingMessage, path: string): Promise<Reply> {
  const parts = /^\/api\/v1\/products\/(\d+)(?:\/(reviews|ratings))?$/.exec(path)
  if (parts === null) return { status: 404, body: { error: 'try /productpage' } }
  const service = parts[2] ?? 'details'
  const answer = await call<unknown>(request, `http://${service}:9080/${service}/${parts[1]}`)
  return answer.ok ? { status: 200, body: answer.body } : { status: answer.status, body: { error: answer.reason } }
}

async function call<T>(request: IncomingMessage, url: string): Promise<Fetched<T>> {
  const headers = forwarded(request.headers)
  const user = userOf(request)
  if (user !== undefined) headers['end-user'] = user
  try {
    const reply = await fetch(url, { headers, signal: AbortSignal.timeout(3000) })
    if (!reply.ok) return { ok: false, status: reply.status, reason: (await reply.text()).slice(0, 200) }
    return { ok: true, body: (await reply.json()) as T }
  } catch (error) {
    return { ok: false, status: 500, reason: error instanceof Error ? error.message : String(error) }
  }
}

/** Anyone may sign in under any name: the page shows routing by user, not passwords. */
function signIn(form: string): Reply {
  const user = new URLSearchParams(form).get('username')?.slice(0, MAX_USER_LENGTH) ?? ''
  return {
    status: 302,
    body: '',
    headers: { location: '/productpage', 'set-cookie': `user=${encodeURIComponent(user)}; Path=/; HttpOnly; SameSite=Lax` },
  }
}

function userOf(request: IncomingMessage): string | undefined {
  const value = /(?:^|;\s*)user=([^;]+)/.exec(request.headers.cookie ?? '')?.[1]
  if (value === undefined) return undefined
  try {
    return decodeURIComponent(value).replaceAll(/[^\w.@ -]/g, '')
  } catch {
    return undefined
  }
}
