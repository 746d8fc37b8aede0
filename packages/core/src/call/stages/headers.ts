import type { HeaderOps } from '../../view/route.ts'
import type { Call, MutableHead, MutableReplyHead } from '../call.ts'
import { CONTINUE, type Stage } from '../stage.ts'

/** Edits heads as route and destination say; the destination first. */
export const headers: Stage = {
  name: 'headers',
  onHead(call) {
    editRequest(call, call.target?.requestHeaders)
    editRequest(call, call.route?.requestHeaders)
    return CONTINUE
  },
  onReplyHead(call) {
    if (call.reply === undefined) return CONTINUE
    editReply(call.reply, call.target?.responseHeaders)
    editReply(call.reply, call.route?.responseHeaders)
    return CONTINUE
  },
}

function editRequest({ request }: Call, ops: HeaderOps | undefined): void {
  if (ops === undefined) return
  for (const name of ops.remove) if (!isFraming(name)) request.remove(name)
  for (const [name, value] of ops.set) setRequest(request, name, value)
  for (const [name, value] of ops.add) {
    if (isAuthority(name)) request.setAuthority(value)
    else if (!isFraming(name)) request.add(name, value)
  }
}

function setRequest(request: MutableHead, name: string, value: string): void {
  if (isAuthority(name)) request.setAuthority(value)
  else if (!isFraming(name)) request.set(name, value)
}

function editReply(reply: MutableReplyHead, ops: HeaderOps | undefined): void {
  if (ops === undefined) return
  for (const name of ops.remove) if (!isFraming(name)) reply.remove(name)
  for (const [name, value] of ops.set) if (!isFraming(name)) reply.set(name, value)
  for (const [name, value] of ops.add) if (!isFraming(name)) reply.add(name, value)
}

function isAuthority(name: string): boolean {
  return name === ':authority' || name === 'host'
}

/** Configuration cannot break the framing of a message. */
function isFraming(name: string): boolean {
  return FRAMING.has(name) || name.startsWith(':')
}

const FRAMING: ReadonlySet<string> = new Set(['content-length', 'transfer-encoding', 'connection', 'upgrade', 'trailer', 'te', 'host'])
