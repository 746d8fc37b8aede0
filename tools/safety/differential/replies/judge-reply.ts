import type { ReadReply } from './read-reply.ts'
import type { ReplyCase } from './reply-cases.ts'
import { MARK } from './reply-draft.ts'
import type { SeenReply } from './reply-lane.ts'

/** `forwarded`: what the upstream said went on to the caller, whole; `broken off`: it began to. */
export type ReplyFate = 'forwarded' | 'broken off' | 'refused' | 'waiting'

export function replyFate({ odd: { reply, end } }: SeenReply): ReplyFate {
  const own = reply !== undefined && reply.fields.has(MARK)
  if (own && end === 'complete') return 'forwarded'
  if (end === 'waiting') return 'waiting'
  return own ? 'broken off' : 'refused'
}

/** What no caller may see: a reply that can be read in two ways, one of somebody else's, one that is not what its server said. */
export function replyFaults(one: ReplyCase, seen: SeenReply): readonly string[] {
  const { odd, last } = seen
  const faults = [...(odd.reply?.doubts ?? []), ...(last.reply?.doubts ?? [])].map((doubt) => `ambiguous to a caller: ${doubt}`)
  if (odd.behind !== '') faults.push(`bytes behind the reply: ${JSON.stringify(odd.behind.slice(0, 60))}`)
  if (last.end !== 'complete' || last.reply?.body !== `last ${one.id}` || last.behind !== '')
    faults.push(`the next reply: ${last.end}, ${last.reply?.status} ${JSON.stringify(last.reply?.body.slice(0, 60))}`)
  if (replyFate(seen) !== 'forwarded' || odd.reply === undefined) return faults
  return [...faults, ...lies(one, odd.reply)]
}

/** A reply that was told whole is the one that came, whole. */
function lies({ read }: ReplyCase, told: ReadReply): readonly string[] {
  if (read === undefined) return ['a reply of which no head came']
  if (told.fields.get(MARK)?.join() !== read.fields.get(MARK)?.join()) return ['a reply of another case']
  if (read.state === 'partial') return ['a reply that broke off was told as complete']
  if (read.doubts.some((doubt) => !HARMLESS.has(doubt))) return []
  if (read.status !== told.status) return [`status ${read.status} became ${told.status}`]
  return read.body === told.body
    ? []
    : [`another body: ${JSON.stringify(told.body.slice(0, 60))} for ${JSON.stringify(read.body.slice(0, 60))}`]
}

/** What can be told without a doubt, whoever reads it. */
const HARMLESS: ReadonlySet<string> = new Set(['chunk extension'])
