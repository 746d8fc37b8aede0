import type { LocalReply } from '@mesh/core/call'
import type { ReplyHead } from '@mesh/wire'
import { httpDate } from './http-date.ts'
import { ownHeaders } from './own-headers.ts'

const SERVER = 'istio-envoy'

/** Puts into an upstream's reply what every reply says about the hop (Envoy's names). */
export function tellHop(reply: ReplyHead, of: { readonly serviceMs: number; readonly nowMs: number }): void {
  reply.set('server', SERVER)
  reply.set('x-envoy-upstream-service-time', String(of.serviceMs))
  if (!reply.has('date')) reply.set('date', httpDate(of.nowMs))
}

/** The headers of a reply that is made here; `bodyBytes` is its length. */
export function localHeaders(reply: LocalReply, bodyBytes: number, nowMs: number): (readonly [name: string, value: string])[] {
  return [
    ['content-length', String(bodyBytes)],
    ...ownHeaders(reply.headers ?? [], bodyBytes > 0),
    ['date', httpDate(nowMs)],
    ['server', SERVER],
  ]
}
