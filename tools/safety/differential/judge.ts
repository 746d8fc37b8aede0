import type { Logged } from './access-log.ts'
import type { Case } from './cases.ts'
import type { Seen } from './lane.ts'
import type { Understood } from './read-upstream.ts'
import { describe } from './upstream.ts'

/** All that is known of one case at one proxy. */
export interface Outcome {
  readonly seen: Seen
  /** What its upstream understood, in order. */
  readonly requests: readonly Understood[]
}

/** `forwarded`: the odd request, or what the proxy took for it, reached the upstream. */
export type Fate = 'forwarded' | 'refused' | 'waiting'

export function fateOf({ id }: Case, { seen, requests }: Outcome): Fate {
  if (requests.some((request) => !isLast(id, request))) return 'forwarded'
  return seen.end === 'waiting' && seen.replies.length === 0 ? 'waiting' : 'refused'
}

/**
 * Why the upstream understood something else than the proxy in front of it: bytes that can be read in two ways, a
 * request that the proxy did not mean, or a body that is not the one that it counted. Empty: they agree.
 */
export function desyncs({ seen, requests }: Outcome, logged?: readonly Logged[]): readonly string[] {
  const found = requests.flatMap(({ doubts }) => doubts.map((doubt) => `ambiguous upstream: ${doubt}`))
  const told = seen.replies.flatMap(({ status, body }) => (status === 200 ? [body] : []))
  const answered = requests.slice(0, told.length).map((request) => JSON.stringify(describe(request)))
  if (answered.join() !== told.join()) found.push(`replies in another order: ${told.join()} for ${answered.join()}`)
  if (seen.end === 'answered' && requests.length !== told.length) found.push(`${requests.length} requests upstream, ${told.length} replies`)
  if (logged === undefined) return found
  const meant = sizes(logged.filter(({ forwarded, status }) => forwarded && status === 200).map(({ bodyBytes }) => bodyBytes))
  const read = sizes(requests.map(({ body }) => body.length))
  if (seen.end !== 'waiting' && meant !== read) found.push(`bodies meant: [${meant}], read: [${read}]`)
  return found
}

/**
 * Where all others that forwarded a case read the same body, and ours another one; or where ours alone took the request
 * within the body for a request. That ours refuses what comes behind is no other framing.
 */
export function framedOtherwise({ id }: Case, ours: Outcome, others: readonly Outcome[]): string | undefined {
  const mine = bodyOf(id, ours)
  const theirs = [...new Set(others.map((outcome) => bodyOf(id, outcome)))]
  if (theirs.length === 1 && theirs[0] !== mine) return `ours ${mine}, others ${theirs[0]}`
  return others.length > 0 && hasInner(ours) && !others.some(hasInner) ? 'the request within the body was forwarded as one' : undefined
}

/** Method, target and Host of the odd request, for what was changed on the way. */
export function asUnderstood({ id }: Case, { requests }: Outcome): string {
  const odd = requests.find((request) => !isLast(id, request))
  return odd === undefined ? '' : `${odd.method} ${odd.target} ${odd.host}`
}

function bodyOf(id: string, { requests }: Outcome): string {
  return JSON.stringify(requests.find((request) => !isLast(id, request))?.body.toString('latin1') ?? '')
}

function hasInner({ requests }: Outcome): boolean {
  return requests.some(({ target }) => target.includes('/inner'))
}

function isLast(id: string, { target }: Understood): boolean {
  return target === `/${id}/last`
}

function sizes(all: readonly number[]): string {
  return all.toSorted((a, b) => a - b).join(' ')
}
