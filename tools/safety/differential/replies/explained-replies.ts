import type { ReplyCase } from './reply-cases.ts'
import type { SeenReply } from './reply-lane.ts'

/** Why ours may forward what all others refuse; undefined: nobody has looked into it. */
export function explainReply(one: ReplyCase, seen: SeenReply): string | undefined {
  return EXPLAINED.find(({ holds }) => holds(one, seen))?.why
}

const EXPLAINED: readonly { readonly why: string; readonly holds: (one: ReplyCase, seen: SeenReply) => boolean }[] = []
