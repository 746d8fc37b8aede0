import { Output } from '../h1/output.ts'
import { FOLDED_TOKEN } from '../h1/characters.ts'
import type { Span } from './hpack/decoder.ts'
import { isName, spanText, type ListLimits } from './field-list.ts'
import { HeadText, isTargetText } from './head-text.ts'

/** The header list of a request as the head of an HTTP/1.1 message. */
export class RequestText extends HeadText {
  readonly text = new Output(4096)
  method: string | undefined
  scheme: string | undefined
  path: string | undefined
  authority: string | undefined
  /** Extended CONNECT (RFC 8441). */
  protocol: string | undefined
  /** The caller takes trailers (`te: trailers`). */
  trailers = false
  #host: string | undefined

  override begin(limits: ListLimits): void {
    super.begin(limits)
    this.method = this.scheme = this.path = this.authority = this.protocol = this.#host = undefined
    this.trailers = false
  }

  /** Puts the head together; undefined when the list is no request. */
  finish(): Uint8Array | undefined {
    if (this.fault !== undefined || !this.#isRequest()) {
      this.fault ??= 'malformed'
      return undefined
    }
    this.endLines()
    const { text, method = '', protocol } = this
    text.clear()
    text.text(protocol === undefined ? method : 'GET')
    text.text(' ')
    text.text((method === 'CONNECT' && protocol === undefined ? this.authority : this.path) ?? '')
    text.text(' HTTP/1.1\r\nhost: ')
    text.text(this.authority ?? this.#host ?? '')
    text.text('\r\n')
    if (protocol !== undefined) text.text(`connection: upgrade\r\nupgrade: ${protocol}\r\n`)
    text.copy(this.lines.written)
    text.text('\r\n')
    return text.written
  }

  protected override pseudo(name: string, value: string): boolean {
    const key = PSEUDO.get(name)
    if (key === undefined || this[key] !== undefined) return false
    this[key] = value
    return true
  }

  /** The authority stands once, whoever said it; `te` may only say that trailers are taken. */
  protected override special(name: Span, value: Span): 'skip' | 'malformed' | undefined {
    if (isName(name, 'te')) {
      this.trailers = isName(value, 'trailers')
      return this.trailers ? 'skip' : 'malformed'
    }
    if (!isName(name, 'host')) return undefined
    if (this.#host !== undefined) return 'malformed'
    this.#host = spanText(value)
    return 'skip'
  }

  /** What the first line of HTTP/1.1 could misread is refused before there is one. */
  #isRequest(): boolean {
    const { method, scheme, path, authority, protocol } = this
    if (method === undefined || !isToken(method)) return false
    const named = authority ?? this.#host
    if (named === undefined || !isTargetText(named) || (this.#host !== undefined && this.#host.toLowerCase() !== named.toLowerCase()))
      return false
    if (method === 'CONNECT' && protocol === undefined) return scheme === undefined && path === undefined && authority !== undefined
    if (scheme === undefined || path === undefined || !isTargetText(path)) return false
    if (protocol !== undefined && (method !== 'CONNECT' || !isToken(protocol))) return false
    return path.startsWith('/') || (path === '*' && method === 'OPTIONS')
  }
}

const PSEUDO: ReadonlyMap<string, 'method' | 'scheme' | 'path' | 'authority' | 'protocol'> = new Map([
  [':method', 'method'],
  [':scheme', 'scheme'],
  [':path', 'path'],
  [':authority', 'authority'],
  [':protocol', 'protocol'],
])

function isToken(text: string): boolean {
  for (let at = 0; at < text.length; at++) if ((FOLDED_TOKEN[text.charCodeAt(at)] ?? 0) === 0) return false
  return text !== ''
}
