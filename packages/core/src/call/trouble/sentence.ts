import { originName } from '../../config/origin.ts'
import { REGEX_WORK_EXCEEDED } from '../../engine/decision.ts'
import { RESPONSE_FLAGS, type ResponseFlag } from '../../error/response-flag.ts'
import type { CallRecord } from '../record.ts'
import { denialSentence } from './denial.ts'
import { destinationName } from './destination-name.ts'
import { printable } from './printable.ts'

/** What happened, and what to do about it. */
export interface Sentence {
  readonly message: string
  readonly fix?: string
}

const TOO_COSTLY: Sentence = {
  message: 'Path or headers are so long that matching them with the regular expressions of the configuration would take too much work.',
  fix: 'Send less, or write simpler expressions.',
}

/** The one table from a code to its sentence. */
export function sentenceOf(code: string, record: CallRecord): Sentence {
  if (record.details.endsWith(REGEX_WORK_EXCEEDED)) return TOO_COSTLY
  if (code.startsWith('rbac_access_denied')) return denialSentence(record)
  const told = SENTENCES[code]?.(record)
  if (told !== undefined) return told
  const flag = Object.hasOwn(RESPONSE_FLAGS, code) ? RESPONSE_FLAGS[code as ResponseFlag] : undefined
  return { message: record.failure === undefined ? sentence(flag ?? record.details) : printable(record.failure) }
}

const SENTENCES: Readonly<Record<string, (record: CallRecord) => Sentence>> = {
  FI: (record) => ({
    message: `A fault that is injected on purpose answered with ${record.status}.`,
    fix: `Take the fault out of ${objectOf(record)} to end it.`,
  }),
  DI: (record) => ({
    message: 'A fault that is injected on purpose delayed the call.',
    fix: `Take the delay out of ${objectOf(record)} to end it.`,
  }),
  NR: noRoute,
  NC: (record) => ({
    message: `The route leads to ${destinationName(record.cluster)}, which this proxy does not know.`,
    fix: 'Define that service or subset, or name another one in the route.',
  }),
  UH: (record) => ({
    message: `${capital(destinationName(record.cluster))} has no healthy endpoint.`,
    fix: 'Start a workload that it selects, or see with `meshctl pc endpoint` which there are and which are ejected.',
  }),
  UF: (record) => ({
    message: `No connection could be made to ${placeOf(record)}${because(record)}.`,
    fix: 'See whether it runs and what it listens on.',
  }),
  UC: (record) => ({ message: `${capital(placeOf(record))} ended the connection before the reply was complete${because(record)}.` }),
  UO: (record) => ({
    message: `${capital(destinationName(record.cluster))} has as many requests and connections under way as its limits allow.`,
    fix: 'Raise the limits of its connection pool, or send less at a time.',
  }),
  UT: (record) => ({
    message: `No answer came from ${placeOf(record)} within the time that the route allows (${Math.round(record.durationMs)} ms in all).`,
    fix: 'Give the route a longer timeout, or find out what makes the answer slow.',
  }),
  SI: () => ({ message: 'Neither side sent anything for too long.' }),
  DC: () => ({ message: 'The caller left before the reply was complete.' }),
  LR: () => ({ message: 'This proxy ended the connection: the configuration in force does not permit it any more.' }),
  direct_response: (record) =>
    record.cause === undefined
      ? {
          message: 'The host is not in the registry of the mesh, and the outbound policy lets nobody call such hosts.',
          fix: 'Describe it with a ServiceEntry.',
        }
      : { message: `The route itself answers with ${record.status}.` },
  path_normalization_failed: () => ({ message: 'The path of the request is malformed.' }),
  loop_refused: () => ({ message: 'The destination is this proxy itself.' }),
}

function noRoute({ method, authority, path, cause }: CallRecord): Sentence {
  const asked = printable(authority)
  if (cause === undefined) {
    return { message: `Nothing here is configured for the host ${asked}.`, fix: 'Write a route for that host, or ask for another one.' }
  }
  return {
    message: `No route of ${asked} matches ${printable(method)} ${printable(path)}.`,
    fix: 'Add a route that does; `meshctl explain METHOD URL` tells why each of those there does not.',
  }
}

function objectOf({ cause }: CallRecord): string {
  return cause === undefined ? 'the route' : originName(cause)
}

/** `127.64.0.5:9080 (reviews-v1)`, or the destination when no endpoint was tried. */
function placeOf({ upstreamRemote, peer, reporter, cluster }: CallRecord): string {
  if (reporter === 'destination' || upstreamRemote === undefined) return destinationName(cluster)
  return `${upstreamRemote}${peer === undefined ? '' : ` (${peer.workload})`}`
}

function because({ transportFailure, failure }: CallRecord): string {
  const why = transportFailure ?? failure
  return why === undefined ? '' : `: ${printable(why).replace(/\.$/, '')}`
}

function sentence(text: string): string {
  return `${capital(printable(text))}${text.endsWith('.') ? '' : '.'}`
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}
