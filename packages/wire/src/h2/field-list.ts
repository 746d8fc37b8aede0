import { HT, SP, VALUE } from '../h1/characters.ts'
import { KIND, kindOf } from './field-kind.ts'
import type { DecodedField, Span } from './hpack/decoded-field.ts'
import type { FieldSink } from './hpack/decoder.ts'
import { fieldSize } from './hpack/hpack-entry.ts'

/** Bounds of one header list. */
export interface ListLimits {
  readonly maxHeadBytes: number
  readonly maxHeaders: number
}

/** Why a header list is no message: it breaks the rules of RFC 9113 section 8, or it is larger than allowed. */
export type ListFault = 'malformed' | 'too-large'

/** Takes a header list in and checks what HTTP/2 asks of it. One serves list after list, of whatever connection: `begin` comes first. */
export abstract class FieldList implements FieldSink {
  fault: ListFault | undefined
  /** Names of fields that no table may hold, on whatever connection they go on. */
  neverIndexed: Set<string> | undefined
  #limits: ListLimits = { maxHeadBytes: 0, maxHeaders: 0 }
  #bytes = 0
  #fields = 0
  #regular = false

  begin(limits: ListLimits): void {
    this.#limits = limits
    this.fault = undefined
    this.neverIndexed = undefined
    this.#bytes = 0
    this.#fields = 0
    this.#regular = false
  }

  field(field: DecodedField): boolean {
    this.fault = this.#take(field)
    if (this.fault !== undefined) return false
    if (field.never) (this.neverIndexed ??= new Set()).add(field.nameText)
    return true
  }

  /** A field whose name begins with a colon; answers whether it may stand here. */
  protected abstract pseudo(kind: number, field: DecodedField): boolean
  /** Any other field; answers whether it may stand here. */
  protected abstract regular(kind: number, field: DecodedField): boolean

  #take(field: DecodedField): ListFault | undefined {
    this.#bytes += fieldSize(field.name.length, field.value.length)
    if (++this.#fields > this.#limits.maxHeaders + MAX_PSEUDO || this.#bytes > this.#limits.maxHeadBytes) return 'too-large'
    return isSound(field) && this.#sort(kindOfField(field), field) ? undefined : 'malformed'
  }

  #sort(kind: number, field: DecodedField): boolean {
    if (kind >= KIND.unknownPseudo) return !this.#regular && this.pseudo(kind, field)
    this.#regular = true
    return kind !== KIND.malformed && kind !== KIND.connection && this.regular(kind, field)
  }
}

/** More than any message has. */
const MAX_PSEUDO = 6

/** Asked once of each entry in a table. */
function kindOfField({ nameEntry, name }: DecodedField): number {
  if (nameEntry === undefined) return kindOf(name.bytes, name.start, name.end)
  if (nameEntry.kind === 0) nameEntry.kind = kindOf(name.bytes, name.start, name.end)
  return nameEntry.kind
}

function isSound({ entry, value }: DecodedField): boolean {
  if (entry === undefined) return isValue(value)
  return (entry.sound ??= isValue(value))
}

/** No control character, and no blank at either end. */
function isValue({ bytes, start, end }: Span): boolean {
  for (let at = start; at < end; at++) if (VALUE[bytes[at] as number] === 0) return false
  return start === end || (!isBlank(bytes[start]) && !isBlank(bytes[end - 1]))
}

function isBlank(byte: number | undefined): boolean {
  return byte === SP || byte === HT
}
