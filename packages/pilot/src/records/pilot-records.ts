import type { NodeSelf } from '@mesh/core/view'
import { createRing, type Ring } from '@mesh/telemetry'
import type { ClientStatus } from '@mesh/xds'
import { LIMITS } from '../limits.ts'
import { Answers } from './answers.ts'
import type { PageEvent, PilotEvent, StreamEvent } from './pilot-event.ts'

/** What pilot remembers of its own work: streams with what went over them, and apart from those, since programs poll, pages. */
export interface PilotRecords {
  readonly startedMs: number
  readonly streams: Ring<PilotEvent>
  readonly pages: Ring<PilotEvent>
  onRefused(refusal: StreamRefusal): void
  /** A client's state has changed; `closed` when it has gone. */
  onStatus(status: ClientStatus, closed: boolean): void
  onPage(page: Omit<PageEvent, 'kind' | 'atMs'>): void
}

export interface StreamRefusal {
  readonly node?: NodeSelf | undefined
  readonly peer: { readonly address: string; readonly principal?: string | undefined }
  readonly message: string
}

/** Remembers nothing yet. */
export function createPilotRecords(wallClock: () => number = Date.now): PilotRecords {
  const ring = (): Ring<PilotEvent> => createRing({ maxCount: LIMITS.records, maxBytes: LIMITS.recordBytes, bytesOf })
  const streams = ring()
  const pages = ring()
  const clients = new Map<ClientStatus['id'], Answers>()
  const open = (status: ClientStatus): Answers => {
    const answers = new Answers(nameOf(status.node))
    clients.set(status.id, answers)
    streams.add({ kind: 'opened', atMs: status.connectedAtMs, ...factsOf(status) })
    return answers
  }
  return {
    startedMs: wallClock(),
    streams,
    pages,
    onRefused: ({ node, peer, message }) => {
      const who = node === undefined ? {} : { node: nameOf(node) }
      streams.add({ kind: 'refused', atMs: wallClock(), ...who, ...peerFacts(peer), reason: bounded(message) })
    },
    onStatus: (status, closed) => {
      const atMs = wallClock()
      const answers = clients.get(status.id) ?? open(status)
      for (const event of answers.take(status, atMs))
        streams.add(event.reason === undefined ? event : { ...event, reason: bounded(event.reason) })
      if (!closed) return
      clients.delete(status.id)
      streams.add({ kind: 'closed', atMs, ...factsOf(status), openMs: atMs - status.connectedAtMs })
    },
    onPage: (page) => pages.add({ kind: 'page', atMs: wallClock(), ...page, path: bounded(page.path) }),
  }
}

/** The fields, and the one text that others write. */
function bytesOf(event: PilotEvent): number {
  return 512 + ('reason' in event ? (event.reason?.length ?? 0) : 'path' in event ? event.path.length : 0)
}

function bounded(text: string): string {
  return text.length > LIMITS.recordTextLength ? `${text.slice(0, LIMITS.recordTextLength)}…` : text
}

function factsOf({ node, peer, mode }: ClientStatus): Pick<StreamEvent, 'node' | 'peer' | 'principal' | 'mode'> {
  return { node: nameOf(node), mode, ...peerFacts(peer) }
}

function peerFacts({ address, principal }: StreamRefusal['peer']): Pick<StreamEvent, 'peer' | 'principal'> {
  return { peer: address, ...(principal === undefined ? {} : { principal }) }
}

function nameOf({ name, namespace }: Pick<NodeSelf, 'name' | 'namespace'>): string {
  return `${name}.${namespace}`
}
