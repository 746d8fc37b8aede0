import { PlainHead } from '../../call/plain-head.ts'
import { targetOf, type FetchRequest } from './fetch-request.ts'

/** The request that follows a redirect (Fetch §4.4, HTTP-redirect fetch); undefined when the response is none. */
export function redirected(request: FetchRequest, response: Response): FetchRequest | undefined {
  const location = response.headers.get('location')
  if (!REDIRECTS.has(response.status) || location === null) return undefined
  const url = new URL(location, request.url)
  if (url.hash === '') url.hash = request.url.hash
  const { method } = request.head
  const toGet = response.status === 303 ? method !== 'GET' && method !== 'HEAD' : response.status < 303 && method === 'POST'
  const head = new PlainHead({ method: toGet ? 'GET' : method, ...targetOf(url), headers: keptHeaders(request, url, toGet) })
  return { ...request, url, head, body: toGet ? null : request.body, replayable: toGet || request.replayable }
}

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])
const BODY_HEADERS: ReadonlySet<string> = new Set([
  'content-encoding',
  'content-language',
  'content-location',
  'content-type',
  'content-length',
])
const SECRET_HEADERS: ReadonlySet<string> = new Set(['authorization', 'proxy-authorization', 'cookie', 'host'])

/** What spoke of a body that is not sent any more, or is none of another origin's business, stays behind. */
function* keptHeaders({ head, url: from }: FetchRequest, to: URL, toGet: boolean): Iterable<readonly [string, string]> {
  for (const entry of head.entries()) {
    const [name] = entry
    if (toGet && BODY_HEADERS.has(name)) continue
    if (from.origin === to.origin || !SECRET_HEADERS.has(name)) yield entry
  }
}
