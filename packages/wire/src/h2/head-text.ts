import { TARGET } from '../h1/characters.ts'
import { Output } from '../h1/output.ts'
import { KIND } from './field-kind.ts'
import { FieldList, type ListLimits } from './field-list.ts'
import type { DecodedField, Span } from './hpack/decoded-field.ts'
import type { HpackEntry } from './hpack/hpack-entry.ts'
import { putBytes } from './put-bytes.ts'

/** Writes the fields of a list as a head of HTTP/1.1. So one reader judges the heads of both versions, and nothing that one would refuse can pass through the other. */
export abstract class HeadText extends FieldList {
  readonly text = new Output(4096)
  readonly #cookies = new Output(256)
  #begun = false

  override begin(limits: ListLimits): void {
    super.begin(limits)
    this.text.clear()
    this.#cookies.clear()
    this.#begun = false
  }

  /** The first line, and what the pseudo fields make of lines. No more of them follow; one that is missing is told at the end. */
  protected abstract start(): void

  /** Cookies may come in pieces; as one line they mean the same in both versions (RFC 9113 section 8.2.3). */
  protected endLines(): void {
    this.#start()
    if (this.#cookies.length === 0) return
    this.text.text('cookie: ')
    this.text.copy(this.#cookies.bytes, 0, this.#cookies.length)
    this.text.text('\r\n')
  }

  /** A field that only one connection could mean, or that the head tells otherwise; undefined: an ordinary one. */
  protected special(_kind: number, _field: DecodedField): 'skip' | 'malformed' | undefined {
    return undefined
  }

  protected override regular(kind: number, field: DecodedField): boolean {
    if (kind !== KIND.ordinary) {
      const special = this.special(kind, field)
      if (special !== undefined) return special === 'skip'
      if (kind === KIND.cookie) {
        this.#cookie(field.value)
        return true
      }
    }
    this.#start()
    if (field.entry === undefined) this.#line(field.name, field.value)
    else this.#ownLine(field.entry)
    return true
  }

  #start(): void {
    if (this.#begun) return
    this.#begun = true
    this.start()
  }

  #line(name: Span, value: Span): void {
    const { text } = this
    text.reserve(name.length + value.length + 4)
    putBytes(text, name.bytes, name.start, name.end)
    text.bytes[text.length++] = 58
    text.bytes[text.length++] = 32
    putBytes(text, value.bytes, value.start, value.end)
    text.bytes[text.length++] = 13
    text.bytes[text.length++] = 10
  }

  #ownLine(entry: HpackEntry): void {
    const line = (entry.line ??= lineOf(entry))
    this.text.reserve(line.length)
    this.text.bytes.set(line, this.text.length)
    this.text.length += line.length
  }

  #cookie(value: Span): void {
    if (this.#cookies.length > 0) this.#cookies.text('; ')
    this.#cookies.copy(value.bytes, value.start, value.end)
  }
}

function lineOf({ bytes, nameLength }: HpackEntry): Uint8Array {
  const line = new Uint8Array(bytes.length + 4)
  line.set(bytes.subarray(0, nameLength))
  line.set([58, 32], nameLength)
  line.set(bytes.subarray(nameLength), nameLength + 2)
  line.set([13, 10], bytes.length + 2)
  return line
}

/** Every character may stand in a request target. */
export function isTarget({ bytes, start, end }: Span): boolean {
  for (let at = start; at < end; at++) if (TARGET[bytes[at] as number] !== 1) return false
  return end > start
}
