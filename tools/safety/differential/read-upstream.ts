/** A request as the upstream understood it. */
export interface Understood {
  readonly method: string
  readonly target: string
  readonly host: string
  readonly userAgent: string
  readonly body: Buffer
  /** What another reader could understand otherwise: no proxy should write it. */
  readonly doubts: readonly string[]
}

/**
 * Reads what a proxy writes, with a reader that shares no line with the proxy's: it takes the usual way where bytes are
 * ambiguous, and says that they are.
 */
export class UpstreamReader {
  #bytes: Buffer = Buffer.alloc(0)

  /** All requests that are complete by now. */
  push(piece: Buffer): readonly Understood[] {
    this.#bytes = this.#bytes.length === 0 ? piece : Buffer.concat([this.#bytes, piece])
    const all: Understood[] = []
    for (;;) {
      const read = readOne(this.#bytes)
      if (read === undefined) return all
      all.push(read.request)
      this.#bytes = this.#bytes.subarray(read.size)
    }
  }

  /** Bytes of a request that is not complete. */
  get rest(): Buffer {
    return this.#bytes
  }
}

interface Read {
  readonly request: Understood
  readonly size: number
}

function readOne(bytes: Buffer): Read | undefined {
  const end = bytes.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const [line = '', ...fields] = bytes.toString('latin1', 0, end).split('\r\n')
  const head = readHead(line, fields)
  const body = head.chunked ? readChunks(bytes, end + 4) : readLength(bytes, end + 4, head.length)
  if (body === undefined) return undefined
  const { method, target, host, userAgent } = head
  return { request: { method, target, host, userAgent, body: body.payload, doubts: [...head.doubts, ...body.doubts] }, size: body.end }
}

function readHead(line: string, fields: readonly string[]) {
  const doubts: string[] = []
  const [, method = '', target = '', version = ''] = /^(\S*) (.*) (\S*)$/s.exec(line) ?? []
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(method)) doubts.push('method')
  if (!/^[\x21-\x7e\x80-\xff]+$/.test(target)) doubts.push('target')
  if (version !== 'HTTP/1.1') doubts.push('version')
  const values = new Map<string, string[]>()
  for (const field of fields) {
    const [, name = '', value = ''] = /^([^:]*):[ \t]*(.*?)[ \t]*$/s.exec(field) ?? []
    if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) doubts.push(/^[ \t]/.test(field) ? 'folded line' : 'header name')
    // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
    if (/[\0-\x08\x0a-\x1f\x7f]/.test(value)) doubts.push('control in a header')
    const key = name.trim().toLowerCase()
    values.set(key, [...(values.get(key) ?? []), value])
  }
  const lengths = values.get('content-length') ?? []
  const codings = values.get('transfer-encoding') ?? []
  if (lengths.length > 1) doubts.push('two lengths')
  if (lengths.some((length) => !/^\d{1,15}$/.test(length))) doubts.push('odd length')
  if (codings.length > 1 || codings.some((coding) => coding.toLowerCase() !== 'chunked')) doubts.push('odd coding')
  if (codings.length > 0 && lengths.length > 0) doubts.push('two framings')
  const hosts = values.get('host') ?? []
  if (hosts.length !== 1) doubts.push('hosts')
  return {
    method,
    target,
    host: hosts.join('|'),
    userAgent: (values.get('user-agent') ?? []).join('|'),
    chunked: codings.length > 0,
    length: Number(lengths[0] ?? 0),
    doubts,
  }
}

interface Body {
  readonly payload: Buffer
  readonly end: number
  readonly doubts: readonly string[]
}

function readLength(bytes: Buffer, from: number, length: number): Body | undefined {
  const size = Number.isSafeInteger(length) ? Math.max(0, length) : 0
  if (bytes.length < from + size) return undefined
  return { payload: Buffer.from(bytes.subarray(from, from + size)), end: from + size, doubts: [] }
}

function readChunks(bytes: Buffer, from: number): Body | undefined {
  const pieces: Buffer[] = []
  const doubts: string[] = []
  for (let at = from; ;) {
    const lineEnd = bytes.indexOf('\r\n', at)
    if (lineEnd < 0) return undefined
    const line = bytes.toString('latin1', at, lineEnd)
    if (!/^[0-9a-f]{1,13}$/i.test(line)) doubts.push('odd chunk line')
    // A sign would lead backwards, and never on.
    const size = Math.max(0, Number.parseInt(line, 16) || 0)
    at = lineEnd + 2
    if (size === 0) return readTrailers(bytes, at, { pieces, doubts })
    if (bytes.length < at + size + 2) return undefined
    pieces.push(Buffer.from(bytes.subarray(at, at + size)))
    if (bytes.toString('latin1', at + size, at + size + 2) !== '\r\n') doubts.push('odd chunk end')
    at += size + 2
  }
}

function readTrailers(bytes: Buffer, from: number, { pieces, doubts }: { pieces: Buffer[]; doubts: string[] }): Body | undefined {
  for (let at = from; ;) {
    const lineEnd = bytes.indexOf('\r\n', at)
    if (lineEnd < 0) return undefined
    const line = bytes.toString('latin1', at, lineEnd)
    at = lineEnd + 2
    if (line === '') return { payload: Buffer.concat(pieces), end: at, doubts }
    if (!/^[\w!#$%&'*+.^`|~-]+:[\t\x20-\x7e\x80-\xff]*$/.test(line)) doubts.push('odd trailer')
    if (/^(content-length|transfer-encoding|host)/i.test(line)) doubts.push('framing in a trailer')
  }
}
