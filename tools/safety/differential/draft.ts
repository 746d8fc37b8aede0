import type { Random } from '../running/random.ts'

/** A request before it is bytes; texts are Latin-1. */
export interface Draft {
  /** Of the case: `c17`. It is in paths and, three times, in `user-agent`, so that whoever reads the request can tell what it belongs to. */
  readonly id: string
  method: string
  target: string
  version: string
  /** Lines without their end. */
  fields: string[]
  /** What follows the head, in its coding. */
  body: string
  lineEnd: string
  headEnd: string
}

export const HOST = 'shop.test'

export function bytesOf({ method, target, version, fields, body, lineEnd, headEnd }: Draft): Buffer {
  return Buffer.from(`${[`${method} ${target} ${version}`, ...fields].join(lineEnd)}${lineEnd}${headEnd}${body}`, 'latin1')
}

/** A request that nobody objects to. */
export function plainDraft(id: string, name: string): Draft {
  return {
    id,
    method: 'GET',
    target: `/${id}/${name}`,
    version: 'HTTP/1.1',
    fields: [`Host: ${HOST}`, `User-Agent: ${id} ${id} ${id}`],
    body: '',
    lineEnd: '\r\n',
    headEnd: '\r\n',
  }
}

/** A payload, often one that is a request if its framing is misread. */
export function payload(id: string, random: Random): string {
  return random.once(3) ? 'x=1&y=2' : bytesOf(plainDraft(id, 'inner')).toString('latin1')
}

export function withLength(draft: Draft, text: string): Draft {
  draft.method = 'POST'
  draft.fields.push(`Content-Length: ${text.length}`)
  draft.body = text
  return draft
}

export function withChunks(draft: Draft, body: string): Draft {
  draft.method = 'POST'
  draft.fields.push('Transfer-Encoding: chunked')
  draft.body = body
  return draft
}

/** One chunk and the last one. */
export function chunked(text: string, line = text.length.toString(16), last = '0\r\n\r\n'): string {
  return `${line}\r\n${text}\r\n${last}`
}

/** The case that a request belongs to, by the most of its marks; empty: none is left. */
export function caseOf(target: string, userAgent: string): string {
  const marks = [...target.matchAll(/\bc\d+(?=\/|$)/g), ...userAgent.matchAll(/\bc\d+\b/g)].map(([mark]) => mark)
  const count = (mark: string): number => marks.filter((other) => other === mark).length
  return marks.toSorted((a, b) => count(b) - count(a))[0] ?? ''
}
