import type { LocalReply, Reply } from '../stage.ts'

/** A step that answers here. */
export function replyWith(reply: LocalReply): Reply {
  return { kind: 'reply', reply }
}
