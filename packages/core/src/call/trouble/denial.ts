import { originName } from '../../config/origin.ts'
import type { CallRecord } from '../record.ts'
import { printable } from './printable.ts'
import type { Sentence } from './sentence.ts'

/** Who was refused by which policy. */
export function denialSentence(record: CallRecord): Sentence {
  const { cause, details } = record
  const who = callerOf(record)
  if (cause?.kind === 'PeerAuthentication') {
    return {
      message: `This workload takes mTLS only, as ${originName(cause)} says, and ${who} spoke plain text.`,
      fix: 'Give the caller a sidecar, or let the port be PERMISSIVE.',
    }
  }
  const what = record.protocol === 'tcp' ? 'to this port' : `for ${printable(record.method)} ${printable(record.path)}`
  if (details.endsWith('[none]')) {
    return { message: `No ALLOW policy of this workload lets ${who} in ${what}.`, fix: 'Add a rule that allows it, if it may.' }
  }
  const policy = cause === undefined ? 'A DENY policy' : originName(cause)
  return { message: `${policy} denies ${who} ${what}.`, fix: 'Ask as somebody whom it does not deny, or change its rule.' }
}

function callerOf({ reporter, peer, downstreamRemote }: CallRecord): string {
  if (reporter === 'source') return `the caller at ${downstreamRemote}`
  return peer?.principal ?? `a caller without identity at ${downstreamRemote}`
}
