import type { Route, RouteAction } from '../../view/route.ts'
import type { Call } from '../call.ts'
import type { LocalReply } from '../stage.ts'
import { withoutPort } from '../../engine/route/domains.ts'

type Answer = Exclude<RouteAction, { kind: 'forward' }>
type Redirect = Extract<RouteAction, { kind: 'redirect' }>

/** The reply of a route that needs no upstream. */
export function answerHere(call: Call, route: Route, action: Answer): LocalReply {
  const own = [...(route.responseHeaders?.set ?? []), ...(route.responseHeaders?.add ?? [])]
  const common = { status: action.status, flag: undefined, details: 'direct_response', verbatim: true, cause: route.origin }
  if (action.kind === 'respond') return { ...common, body: action.body ?? '', headers: own }
  return { ...common, body: '', headers: [['location', locationOf(call, action)], ...own] }
}

/** Parts that the redirect does not name stay; a changed scheme drops a port that only fitted the old one. */
function locationOf({ request }: Call, redirect: Redirect): string {
  const scheme = redirect.scheme ?? request.scheme
  const host =
    redirect.authority ??
    (redirect.port === undefined ? authorityFor(request.authority, request.scheme, scheme) : withoutPort(request.authority))
  const port = redirect.port === undefined || redirect.port === DEFAULT_PORTS[scheme] ? '' : `:${redirect.port}`
  return `${scheme}://${host}${port}${pathFor(request.path, redirect.path)}`
}

const DEFAULT_PORTS: Readonly<Record<string, number>> = { http: 80, https: 443 }

function authorityFor(authority: string, from: string, to: string): string {
  const host = withoutPort(authority)
  return from !== to && authority === `${host}:${DEFAULT_PORTS[from]}` ? host : authority
}

function pathFor(path: string, wanted: string | undefined): string {
  if (wanted === undefined) return path
  const mark = path.indexOf('?')
  return mark < 0 || wanted.includes('?') ? wanted : wanted + path.slice(mark)
}
