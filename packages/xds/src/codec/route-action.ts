import type { JsonValue } from '@mesh/rpc/protobuf'
import type { RouteAction } from '@mesh/core/view'
import {
  RedirectAction_RedirectResponseCode,
  type DirectResponseAction,
  type RedirectAction,
  type RedirectActionSchema,
  type Route as RouteMessage,
  type RouteSchema,
} from '@mesh/rpc/gen/envoy/config/route/v3/route_components_pb'
import type { Init } from './init.ts'
import { decodeForward, decodeTimeout, encodeForward } from './forward.ts'
import { refuse } from './refusal.ts'

type Redirect = Extract<RouteAction, { kind: 'redirect' }>

export function encodeAction(action: RouteAction, timeoutMs: number): NonNullable<Init<typeof RouteSchema>['action']> {
  switch (action.kind) {
    case 'forward':
      return { case: 'route', value: encodeForward(action, timeoutMs) }
    case 'redirect':
      return { case: 'redirect', value: encodeRedirect(action) }
    case 'respond':
      return {
        case: 'directResponse',
        value: {
          status: action.status,
          ...(action.body === undefined ? {} : { body: { specifier: { case: 'inlineString', value: action.body } } }),
        },
      }
  }
}

/** Only a forwarding action has a timeout in Envoy; the others have none. */
export function decodeAction({ action }: RouteMessage, origins: JsonValue | undefined): { action: RouteAction; timeoutMs: number } {
  switch (action.case) {
    case 'route':
      return { action: decodeForward(action.value, origins), timeoutMs: decodeTimeout(action.value) }
    case 'redirect':
      return { action: decodeRedirect(action.value), timeoutMs: 0 }
    case 'directResponse':
      return { action: decodeRespond(action.value), timeoutMs: 0 }
    default:
      return refuse('a route without an action')
  }
}

function encodeRedirect(action: Redirect): Init<typeof RedirectActionSchema> {
  return {
    responseCode: REDIRECT_CODES[action.status] ?? RedirectAction_RedirectResponseCode.MOVED_PERMANENTLY,
    ...(action.scheme === undefined ? {} : { schemeRewriteSpecifier: { case: 'schemeRedirect', value: action.scheme } }),
    hostRedirect: action.authority ?? '',
    portRedirect: action.port ?? 0,
    ...(action.path === undefined ? {} : { pathRewriteSpecifier: { case: 'pathRedirect', value: action.path } }),
  }
}

function decodeRedirect(redirect: RedirectAction): Redirect {
  const scheme = redirect.schemeRewriteSpecifier
  const path = redirect.pathRewriteSpecifier
  return {
    kind: 'redirect',
    status: redirectStatus(redirect.responseCode),
    ...(scheme.case === 'schemeRedirect'
      ? { scheme: scheme.value }
      : scheme.case === 'httpsRedirect' && scheme.value
        ? { scheme: 'https' }
        : {}),
    ...(redirect.hostRedirect === '' ? {} : { authority: redirect.hostRedirect }),
    ...(redirect.portRedirect === 0 ? {} : { port: redirect.portRedirect }),
    ...(path.case === undefined ? {} : { path: path.value }),
  }
}

function redirectStatus(code: RedirectAction_RedirectResponseCode): number {
  const status = Object.entries(REDIRECT_CODES).find(([, known]) => known === code)?.[0]
  return status === undefined ? refuse(`redirect response code ${code}`) : Number(status)
}

function decodeRespond({ status, body }: DirectResponseAction): RouteAction {
  const content = body?.specifier
  if (content?.case === 'filename') refuse('a direct response from a file is not supported')
  return { kind: 'respond', status, ...(content?.case === undefined ? {} : { body: content.value }) }
}

const { MOVED_PERMANENTLY, FOUND, SEE_OTHER, TEMPORARY_REDIRECT, PERMANENT_REDIRECT } = RedirectAction_RedirectResponseCode
const REDIRECT_CODES: Readonly<Record<number, RedirectAction_RedirectResponseCode>> = {
  301: MOVED_PERMANENTLY,
  302: FOUND,
  303: SEE_OTHER,
  307: TEMPORARY_REDIRECT,
  308: PERMANENT_REDIRECT,
}
