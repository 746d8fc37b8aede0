import { FOLDED_TOKEN } from '../h1/characters.ts'
import { Output } from '../h1/output.ts'
import { equalsExactly } from '../h1/text.ts'
import { KIND } from './field-kind.ts'
import type { ListLimits } from './field-list.ts'
import { HeadText, isTarget } from './head-text.ts'
import { Span, type DecodedField } from './hpack/decoded-field.ts'

/** The header list of a request as the head of an HTTP/1.1 message. */
export class RequestText extends HeadText {
  /** The caller takes trailers (`te: trailers`). */
  trailers = false
  readonly #method = new Part()
  readonly #scheme = new Part()
  readonly #path = new Part()
  readonly #authority = new Part()
  readonly #protocol = new Part()
  readonly #host = new Part()
  /** Values that stand in no table. */
  readonly #values = new Output(1024)

  override begin(limits: ListLimits): void {
    super.begin(limits)
    this.#values.clear()
    this.#method.there = this.#scheme.there = this.#path.there = false
    this.#authority.there = this.#protocol.there = this.#host.there = false
    this.trailers = false
  }

  /** Extended CONNECT (RFC 8441). */
  get protocol(): string | undefined {
    return this.#protocol.there ? this.#protocol.text : undefined
  }

  /** Puts the head together; false when the list is no request. */
  finish(): boolean {
    if (this.fault !== undefined || !this.#isRequest()) {
      this.fault ??= 'malformed'
      return false
    }
    this.endLines()
    if (!this.#authority.there) this.#hostLine(this.#host)
    this.text.text('\r\n')
    return true
  }

  protected override start(): void {
    const { text } = this
    if (this.#protocol.there) text.text('GET')
    else copyPart(text, this.#method)
    text.byte(SP)
    copyPart(text, this.#isPlainConnect ? this.#authority : this.#path)
    text.text(' HTTP/1.1\r\n')
    if (this.#authority.there) this.#hostLine(this.#authority)
    if (!this.#protocol.there) return
    text.text('connection: upgrade\r\nupgrade: ')
    copyPart(text, this.#protocol)
    text.text('\r\n')
  }

  protected override pseudo(kind: number, field: DecodedField): boolean {
    switch (kind) {
      case KIND.method:
        return this.#take(this.#method, field)
      case KIND.scheme:
        return this.#take(this.#scheme, field)
      case KIND.path:
        return this.#take(this.#path, field)
      case KIND.authority:
        return this.#take(this.#authority, field)
      case KIND.protocol:
        return this.#take(this.#protocol, field)
      default:
        return false
    }
  }

  /** The authority stands once, whoever said it; `te` may only say that trailers are taken. */
  protected override special(kind: number, field: DecodedField): 'skip' | 'malformed' | undefined {
    if (kind === KIND.te) {
      const { bytes, start, end } = field.value
      this.trailers = equalsExactly(bytes, start, end, 'trailers')
      return this.trailers ? 'skip' : 'malformed'
    }
    if (kind !== KIND.host) return undefined
    return this.#take(this.#host, field) ? 'skip' : 'malformed'
  }

  /** Keeps a value that may stand once: an entry's as it is, another one as a copy. */
  #take(part: Part, { value, entry }: DecodedField): boolean {
    if (part.there) return false
    part.there = true
    if (entry !== undefined) {
      part.set(value.bytes, value.start, value.end)
      return true
    }
    const values = this.#values
    const start = values.length
    values.copy(value.bytes, value.start, value.end)
    part.set(values.bytes, start, values.length)
    return true
  }

  #hostLine(named: Part): void {
    this.text.text('host: ')
    copyPart(this.text, named)
    this.text.text('\r\n')
  }

  get #isPlainConnect(): boolean {
    return !this.#protocol.there && isConnect(this.#method)
  }

  /** What the first line of HTTP/1.1 could misread is refused before there is one. */
  #isRequest(): boolean {
    if (!this.#method.there || !isToken(this.#method) || !this.#isNamed()) return false
    if (this.#isPlainConnect) return !this.#scheme.there && !this.#path.there && this.#authority.there
    const path = this.#path
    if (!this.#scheme.there || !path.there || !isTarget(path)) return false
    if (this.#protocol.there && (!isConnect(this.#method) || !isToken(this.#protocol))) return false
    return path.bytes[path.start] === SLASH || (path.text === '*' && this.#method.text === 'OPTIONS')
  }

  /** By an authority, or by `host`, or by both alike. */
  #isNamed(): boolean {
    const host = this.#host
    const named = this.#authority.there ? this.#authority : host
    if (!named.there || !isTarget(named)) return false
    return !host.there || host === named || host.text.toLowerCase() === named.text.toLowerCase()
  }
}

/** A value that may stand once in a list. */
class Part extends Span {
  there = false
}

const SP = 32
const SLASH = 47

function copyPart(out: Output, { there, bytes, start, end }: Part): void {
  if (there) out.copy(bytes, start, end)
}

function isConnect({ bytes, start, end }: Part): boolean {
  return equalsExactly(bytes, start, end, 'CONNECT')
}

function isToken({ bytes, start, end }: Part): boolean {
  for (let at = start; at < end; at++) if (FOLDED_TOKEN[bytes[at] as number] === 0) return false
  return end > start
}
