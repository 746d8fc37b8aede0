import { TARGET } from '../h1/characters.ts'
import { Output } from '../h1/output.ts'
import { FieldList, isName, type ListLimits } from './field-list.ts'
import type { Span } from './hpack/decoder.ts'

/** Keeps the fields of a list as lines of HTTP/1.1. So one reader judges the heads of both versions, and nothing that one would refuse can pass through the other. */
export abstract class HeadText extends FieldList {
  readonly lines = new Output(2048)
  readonly #cookies = new Output(256)

  override begin(limits: ListLimits): void {
    super.begin(limits)
    this.lines.clear()
    this.#cookies.clear()
  }

  /** Cookies may come in pieces; as one line they mean the same in both versions (RFC 9113 section 8.2.3). */
  protected endLines(): void {
    if (this.#cookies.length === 0) return
    this.lines.text('cookie: ')
    this.lines.copy(this.#cookies.written)
    this.lines.text('\r\n')
  }

  /** A field that only one connection could mean, or that the head tells otherwise; undefined: an ordinary one. */
  protected special(_name: Span, _value: Span): 'skip' | 'malformed' | undefined {
    return undefined
  }

  protected override regular(name: Span, value: Span): boolean {
    const special = this.special(name, value)
    if (special !== undefined) return special === 'skip'
    if (isName(name, 'cookie')) this.#cookie(value)
    else this.#line(name, value)
    return true
  }

  #line(name: Span, value: Span): void {
    const { lines } = this
    lines.copy(name.bytes, name.start, name.end)
    lines.text(': ')
    lines.copy(value.bytes, value.start, value.end)
    lines.text('\r\n')
  }

  #cookie(value: Span): void {
    if (this.#cookies.length > 0) this.#cookies.text('; ')
    this.#cookies.copy(value.bytes, value.start, value.end)
  }
}

/** Every character may stand in a request target. */
export function isTargetText(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (TARGET[text.charCodeAt(at)] !== 1) return false
  return text !== ''
}
