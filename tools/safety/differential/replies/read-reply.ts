/** A reply as an ordinary reader understands it, and what another one could understand otherwise. */
export interface ReadReply {
  readonly status: number
  /** Values by name in small letters. */
  readonly fields: ReadonlyMap<string, readonly string[]>
  readonly body: string
  /** `partial`: it began, and is not at its end. */
  readonly state: 'complete' | 'partial'
  readonly framing: Framing
  readonly doubts: readonly string[]
  /** Where it ends. */
  readonly size: number
}

type Framing = 'none' | 'length' | 'chunked' | 'close'

export interface Asked {
  readonly method: string
  /** Whether the connection ended in order behind these bytes. */
  readonly ended: boolean
}

/** Reads the first reply of Latin-1 bytes, interim ones passed over; undefined: no head is complete. It shares no line with the proxy's reader. */
export function readReply(text: string, asked: Asked): ReadReply | undefined {
  const doubts: string[] = []
  let at = 0
  for (;;) {
    const head = readHead(text, at)
    if (head === undefined) return undefined
    doubts.push(...head.doubts)
    at = head.end
    if (head.status >= 100 && head.status < 200 && head.status !== 101) {
      if (head.framed) doubts.push('an interim reply with a framing')
      continue
    }
    if (head.status === 101) doubts.push('an upgrade that nobody asked for')
    if (head.framed && head.status === 204) doubts.push('204 with a framing')
    const framing = framingOf(head, asked.method)
    const body = BODIES[framing](text, at, { length: head.length, ended: asked.ended })
    const { status, fields } = head
    return { status, fields, body: body.text, state: body.state, framing, doubts: [...doubts, ...body.doubts], size: body.end }
  }
}

interface Head {
  readonly status: number
  readonly fields: ReadonlyMap<string, readonly string[]>
  readonly doubts: readonly string[]
  readonly end: number
  readonly chunked: boolean
  readonly length: number | undefined
  readonly framed: boolean
}

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const CONTROL = /[\0-\x08\x0a-\x1f\x7f]/

function readHead(text: string, from: number): Head | undefined {
  const end = text.indexOf('\r\n\r\n', from)
  if (end < 0) return undefined
  const [line = '', ...lines] = text.slice(from, end).split('\r\n')
  const doubts: string[] = []
  const [, version, status = '0', reason = ''] = /^(\S+) (\d+)(?: (.*))?$/s.exec(line) ?? []
  if (version !== 'HTTP/1.1' && version !== 'HTTP/1.0') doubts.push('version')
  if (!/^[1-5]\d\d$/.test(status)) doubts.push('status')
  if (CONTROL.test(reason)) doubts.push('control in a reason')
  const fields = readFields(lines, doubts)
  const lengths = fields.get('content-length') ?? []
  const codings = fields.get('transfer-encoding') ?? []
  if (lengths.length > 1) doubts.push('two lengths')
  if (lengths.some((length) => !/^\d{1,15}$/.test(length))) doubts.push('odd length')
  if (codings.length > 1 || codings.some((coding) => coding.toLowerCase() !== 'chunked')) doubts.push('odd coding')
  if (codings.length > 0 && lengths.length > 0) doubts.push('two framings')
  if (codings.length > 0 && version !== 'HTTP/1.1') doubts.push('chunks in HTTP/1.0')
  const framed = lengths.length + codings.length > 0
  const length = lengths[0] === undefined ? undefined : Math.max(0, Number.parseInt(lengths[0], 10) || 0)
  return { status: Number(status), fields, doubts, end: end + 4, chunked: codings.length > 0, length, framed }
}

function readFields(lines: readonly string[], doubts: string[]): ReadonlyMap<string, readonly string[]> {
  const fields = new Map<string, string[]>()
  for (const line of lines) {
    const [, name = '', value = ''] = /^([^:]*):[ \t]*(.*?)[ \t]*$/s.exec(line) ?? []
    if (!TOKEN.test(name)) doubts.push(/^[ \t]/.test(line) ? 'folded line' : 'header name')
    if (CONTROL.test(value)) doubts.push('control in a header')
    const key = name.trim().toLowerCase()
    fields.set(key, [...(fields.get(key) ?? []), value])
  }
  return fields
}

function framingOf({ status, chunked, length }: Head, method: string): Framing {
  if (method === 'HEAD' || status === 101 || status === 204 || status === 304) return 'none'
  if (chunked) return 'chunked'
  return length === undefined ? 'close' : 'length'
}

interface Body {
  readonly text: string
  readonly state: ReadReply['state']
  readonly end: number
  readonly doubts: readonly string[]
}

type ReadBody = (text: string, from: number, head: { readonly length: number | undefined; readonly ended: boolean }) => Body

const BODIES: Readonly<Record<Framing, ReadBody>> = {
  none: (_, from) => ({ text: '', state: 'complete', end: from, doubts: [] }),
  close: (text, from, { ended }) => ({ text: text.slice(from), state: ended ? 'complete' : 'partial', end: text.length, doubts: [] }),
  length(text, from, { length = 0 }) {
    const end = Math.min(text.length, from + length)
    return { text: text.slice(from, end), state: text.length < from + length ? 'partial' : 'complete', end, doubts: [] }
  },
  chunked: readChunks,
}

function readChunks(text: string, from: number): Body {
  const doubts: string[] = []
  let body = ''
  for (let at = from; ;) {
    const partial = { text: body, state: 'partial', end: text.length, doubts } as const
    const lineEnd = text.indexOf('\r\n', at)
    if (lineEnd < 0) return partial
    const line = text.slice(at, lineEnd)
    if (!/^[0-9a-f]{1,13}$/i.test(line))
      doubts.push(/^[0-9a-f]{1,13}[ \t]*;[\t\x20-\x7e]*$/i.test(line) ? 'chunk extension' : 'odd chunk line')
    const size = Math.max(0, Number.parseInt(line, 16) || 0)
    at = lineEnd + 2
    if (size === 0) return readTrailers(text, at, { ...partial, state: 'complete' })
    body += text.slice(at, at + size)
    if (text.length < at + size + 2) return { ...partial, text: body }
    if (text.slice(at + size, at + size + 2) !== '\r\n') doubts.push('odd chunk end')
    at += size + 2
  }
}

function readTrailers(text: string, from: number, body: Body): Body {
  const doubts = [...body.doubts]
  for (let at = from; ;) {
    const lineEnd = text.indexOf('\r\n', at)
    if (lineEnd < 0) return { ...body, state: 'partial', end: text.length, doubts }
    const line = text.slice(at, lineEnd)
    at = lineEnd + 2
    if (line === '') return { ...body, end: at, doubts }
    if (!/^[\w!#$%&'*+.^`|~-]+:[\t\x20-\x7e\x80-\xff]*$/.test(line)) doubts.push('odd trailer')
    if (/^(content-length|transfer-encoding|host)/i.test(line)) doubts.push('framing in a trailer')
  }
}
