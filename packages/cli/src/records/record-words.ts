import { basename } from 'node:path'
import { destinationName, printable, type Trouble } from '@mesh/core/call'
import { originName, type Origin } from '@mesh/core/origin'
import { shownPath } from '../output/place.ts'
import { paint } from '../output/print.ts'
import type { SeenRecord } from './seen-record.ts'
import type { ShortNames } from './short-names.ts'

/** `ratings-test-abort.yaml:15`: as short as it can be found again. */
export function shortPlace(origin: Origin): string {
  if (origin.file === undefined) return originName(origin)
  return `${basename(origin.file)}${origin.line === undefined ? '' : `:${origin.line}`}`
}

/** The first group of a UUID, enough to ask again; an id of another form is told whole. */
export function shortId(id: string): string {
  return /^([0-9a-f]{8})(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id) ? id.slice(0, 8) : printable(id)
}

/** `14 ms`, `0.8 ms`, `1.2 s`. */
export function msText(ms: number): string {
  if (ms >= 1000) return `${(ms / 1000).toFixed(1)} s`
  return `${ms >= 9.95 ? Math.round(ms) : Number(ms.toFixed(1))} ms`
}

type Outcome = Pick<SeenRecord, 'status' | 'flags' | 'protocol'>

/** `500 FI`. */
export function statusText({ status, flags, protocol }: Outcome): string {
  return [protocol === 'tcp' ? 'tcp' : String(status), ...flags].join(' ')
}

/** The same, red where it is bad. */
export function paintedStatus(outcome: Outcome): string {
  const { status, flags, protocol } = outcome
  const bad = protocol === 'tcp' ? flags.length > 0 : status === 0 || status >= 500
  return bad ? paint('red', statusText(outcome)) : status >= 400 ? paint('yellow', statusText(outcome)) : statusText(outcome)
}

/** Who called. */
export function callerName({ reporter, self, peer, downstreamRemote }: SeenRecord, names: ShortNames): string {
  const from = reporter === 'source' ? self : peer
  return from === undefined ? downstreamRemote : names.workload(from.workload)
}

/** Who was called: the workload that answered, else the service that was meant. */
export function calledName({ reporter, self, peer, service, cluster, authority }: SeenRecord, names: ShortNames): string {
  if (reporter === 'destination') return names.workload(self.workload)
  if (peer !== undefined) return names.workload(peer.workload)
  if (service !== undefined) return service.name
  return cluster === undefined || cluster === 'PassthroughCluster' ? printable(authority) : destinationName(cluster)
}

/** Files are named from here; the id stands above. */
export function troubleFromHere(trouble: NonNullable<SeenRecord['trouble']>): Trouble {
  const { code, severity, message, fix, cause } = trouble
  const here = cause?.file === undefined ? cause : { ...cause, file: shownPath(cause.file) }
  return { code, severity, message, fix, cause: here, id: undefined }
}
