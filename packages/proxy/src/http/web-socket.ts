import { createHash, randomBytes } from 'node:crypto'
import type { ReplyHead, RequestHead } from '@mesh/wire'
import { isUpgrade } from './upgrade.ts'

/** The opening handshake of a WebSocket is another one in each version of HTTP (RFC 6455 section 4, RFC 8441 section 5): what one of them lacks is made here. */
const KEY = 'sec-websocket-key'
const ACCEPT = 'sec-websocket-accept'

/** What a server must answer to a key. */
export function acceptOf(key: string): string {
  return createHash('sha1').update(`${key}${GUID}`).digest('base64')
}

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'

/** Before a wish that came over HTTP/2 goes on over HTTP/1.1. */
export function addKey(request: RequestHead): void {
  if (request.h2 && isUpgrade(request)) request.set(KEY, randomBytes(16).toString('base64'))
}

/** Takes out and answers the key of a wish that came over HTTP/1.1, before it goes on over HTTP/2. */
export function takeKey(request: RequestHead): string | undefined {
  const key = request.h2 || !isUpgrade(request) ? undefined : request.header(KEY)
  request.remove(KEY)
  return key
}

/** An upstream of HTTP/2 granted the wish of a caller of HTTP/1.1. */
export function addAccept(reply: ReplyHead, key: string): void {
  reply.set(ACCEPT, acceptOf(key))
}

/** HTTP/2 has no such header. */
export function takeAccept(reply: ReplyHead): void {
  reply.remove(ACCEPT)
}

/** Why a reply does not fit what the request wished; over HTTP/2 every 2xx would say that it was granted. */
export function upgradeFault(request: RequestHead, reply: ReplyHead): string | undefined {
  if (!isUpgrade(request)) return reply.status === 101 ? 'unasked-upgrade' : undefined
  if (!request.h2 || reply.h2) return undefined
  if (reply.status === 101) return reply.header(ACCEPT) === acceptOf(request.header(KEY) ?? '') ? undefined : 'wrong-websocket-accept'
  return reply.status >= 200 && reply.status < 300 ? 'upgrade-passed-over' : undefined
}
