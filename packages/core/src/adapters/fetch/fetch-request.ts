import { PlainHead } from '../../call/plain-head.ts'

/** What fetch takes as a body. */
export type Body = NonNullable<RequestInit['body']>

/** A request of the host, taken apart once so that it can be sent several times. */
export interface FetchRequest {
  readonly url: URL
  readonly head: PlainHead
  readonly body: Body | null
  /** Whether the body can be sent again. */
  readonly replayable: boolean
  readonly signal: AbortSignal | undefined
  readonly redirect: Request['redirect']
  /** What else the host said, handed on as it is. */
  readonly rest: RequestInit
}

/** Validates as the host does (throws its TypeError). */
export function readRequest(input: string | URL | Request, init: RequestInit = {}): FetchRequest {
  const { body = input instanceof Request ? input.body : null, signal = input instanceof Request ? input.signal : null, ...parts } = init
  const request = input instanceof Request ? new Request(input.url, { ...partsOf(input), ...parts }) : new Request(input, parts)
  if (body !== null && (request.method === 'GET' || request.method === 'HEAD'))
    throw new TypeError('Request with GET/HEAD method cannot have body.')
  const url = new URL(request.url)
  const { method: _method, headers: _headers, redirect: _redirect, ...rest } = parts
  return {
    url,
    head: new PlainHead({ method: request.method, ...targetOf(url), headers: request.headers }),
    body,
    replayable: !isStream(body),
    signal: signal ?? undefined,
    redirect: request.redirect,
    rest: { ...(input instanceof Request ? settingsOf(input) : {}), ...rest },
  }
}

/** The request as the host's own fetch takes it. */
export function plainInit({ head, body, signal, redirect, rest }: FetchRequest): RequestInit {
  return {
    ...rest,
    method: head.method,
    headers: headersOf(head),
    redirect,
    ...bodyInit(body),
    ...(signal === undefined ? {} : { signal }),
  }
}

/** A body as fetch wants it: a stream is sent while the reply may already come. */
export function bodyInit(body: Body | null): RequestInit {
  if (body === null) return {}
  return isStream(body) ? ({ body, duplex: 'half' } as RequestInit) : { body }
}

/** Headers for the host, which sets `host` by the URL. */
export function headersOf(head: PlainHead): Headers {
  const headers = new Headers()
  for (const [name, value] of head.entries()) if (name !== 'host') headers.append(name, value)
  return headers
}

/** Scheme, authority and path of a URL. */
export function targetOf(url: URL): { readonly scheme: string; readonly authority: string; readonly path: string } {
  return { scheme: url.protocol.slice(0, -1), authority: url.host, path: url.pathname + url.search }
}

function isStream(body: Body | null): boolean {
  return body instanceof ReadableStream || (typeof body === 'object' && body !== null && Symbol.asyncIterator in body)
}

function partsOf(request: Request): RequestInit {
  return { method: request.method, headers: request.headers, redirect: request.redirect, ...settingsOf(request) }
}

function settingsOf({ credentials, cache, integrity, keepalive, referrerPolicy }: Request): RequestInit {
  return { credentials, cache, integrity, keepalive, referrerPolicy }
}
