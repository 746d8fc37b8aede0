import { z } from 'zod'
import { noting, type Note } from './note.ts'
import { PortNumber, Uint32 } from './common.ts'
import { ServiceHost } from './host.ts'

/** Istio `Destination`: a service, perhaps one version of it. */
export const Destination = z.strictObject({
  host: ServiceHost,
  subset: z.string().min(1).optional(),
  port: z.strictObject({ number: PortNumber.optional() }).optional(),
})
export type Destination = z.infer<typeof Destination>

const NAME = /^:?[-!#$%&'*+.^_`|~0-9A-Za-z]+$/
// oxlint-disable-next-line no-control-regex -- they would end the header, or begin another
const CONTROL = /[\u0000-\u0008\u000a-\u001f\u007f]/

const HeaderName = z.string().regex(NAME, { error: 'is not the name of a header' })

const HeaderValues = z.record(z.string(), z.string()).superRefine((headers, context) => {
  for (const [name, value] of Object.entries(headers)) {
    if (!NAME.test(name)) context.addIssue({ code: 'custom', path: [name], message: 'is not the name of a header' })
    if (CONTROL.test(value))
      context.addIssue({ code: 'custom', path: [name], message: 'is not the value of a header: it holds a control character' })
  }
})

/** A piece of a request line or header: no control characters. */
export const LineText = z.string().refine((text) => !CONTROL.test(text), { error: 'holds a control character' })

const Operations = z.strictObject({
  set: HeaderValues.optional(),
  add: HeaderValues.optional(),
  remove: z.array(HeaderName).optional(),
})

/** Istio `Headers`: what to change on the request and on the response. */
export const HeaderOperations = z.strictObject({ request: Operations.optional(), response: Operations.optional() })
export type HeaderOperations = z.infer<typeof HeaderOperations>

/** Istio `HTTPRouteDestination`. */
export const HttpRouteDestination = z.strictObject({
  destination: Destination,
  weight: Uint32.optional(),
  headers: HeaderOperations.optional(),
})
export type HttpRouteDestination = z.infer<typeof HttpRouteDestination>

/** Istio `RouteDestination` of TCP and TLS routes. */
export const RouteDestination = z.strictObject({ destination: Destination, weight: Uint32.optional() })
export type RouteDestination = z.infer<typeof RouteDestination>

interface Share {
  readonly weight?: number | undefined
}

/** Weighted destinations: shares must not add up to nothing, and are told when they do not add up to 100. */
export function weighted<Item extends z.ZodType<Share>>(item: Item): z.ZodArray<Item> {
  const list = z.array(item).refine((shares) => shares.length < 2 || total(shares as readonly Share[]) > 0, {
    error: 'shares no traffic: the weights add up to 0',
    params: { fix: 'Give at least one destination a weight above 0.' },
  })
  return noting(list, (shares) => sumNote(shares as readonly Share[])) as z.ZodArray<Item>
}

function sumNote(shares: readonly Share[]): Note | undefined {
  const sum = total(shares)
  if (shares.length < 2 || sum === 100) return undefined
  return {
    code: 'IST0133',
    message: `The weights add up to ${sum}, not 100; they are taken as shares of ${sum}.`,
    fix: 'Write weights that add up to 100.',
  }
}

function total(shares: readonly Share[]): number {
  return shares.reduce((sum, share) => sum + (share.weight ?? 0), 0)
}
