import { parseDuration } from '../../config/fields/duration.ts'
import { fieldOrigin } from '../../config/object.ts'
import type { Fault } from '../../view/route.ts'
import type { HttpRouteBody, VirtualService } from '../bodies.ts'

type Path = readonly (string | number)[]
type FaultBody = NonNullable<HttpRouteBody['fault']>

/** Istio `HTTPFaultInjection`, in the old spelling (`percent`) too; undefined when there is nothing to inject. */
export function fault(object: VirtualService, body: FaultBody | undefined, path: Path): Fault | undefined {
  const delay = delayOf(object, body?.delay, [...path, 'delay'])
  const abort = abortOf(object, body?.abort, [...path, 'abort'])
  if (delay === undefined && abort === undefined) return undefined
  return { ...(delay === undefined ? {} : { delay }), ...(abort === undefined ? {} : { abort }) }
}

function delayOf(object: VirtualService, body: FaultBody['delay'], path: Path): Fault['delay'] {
  const ms = body?.fixedDelay === undefined ? undefined : parseDuration(body.fixedDelay)
  return body === undefined || ms === undefined
    ? undefined
    : { ms, partsPerMillion: partsPerMillion(body), origin: fieldOrigin(object, path) }
}

function abortOf(object: VirtualService, body: FaultBody['abort'], path: Path): Fault['abort'] {
  if (body?.httpStatus === undefined) return undefined
  return { status: body.httpStatus, partsPerMillion: partsPerMillion(body), origin: fieldOrigin(object, path) }
}

/** `percentage.value` down to 0.0001, else the whole number of the old spelling, else always. */
function partsPerMillion(body: {
  readonly percentage?: { value?: number | undefined } | undefined
  readonly percent?: number | undefined
}): number {
  if (body.percentage !== undefined) return Math.round((body.percentage.value ?? 0) * 10_000)
  return (body.percent ?? 100) * 10_000
}
