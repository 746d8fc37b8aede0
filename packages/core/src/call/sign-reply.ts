import type { LocalReply } from './stage.ts'

const HEADER = 'x-request-id'

/** Tells the caller by which id the call can be asked about: in a header, and behind the sentence of the body. */
export function signReply(reply: LocalReply, requestId: string | undefined): LocalReply {
  if (requestId === undefined || !SPEAKABLE.test(requestId)) return reply
  const headers = [...(reply.headers ?? []).filter(([name]) => name !== HEADER), [HEADER, requestId] as const]
  if (reply.verbatim === true || reply.body === '') return { ...reply, headers }
  return { ...reply, headers, body: `${reply.body} (id ${requestId})` }
}

/** A caller's own id is said again only where it can be nothing but an id. */
const SPEAKABLE = /^[\w.:-]{1,128}$/
