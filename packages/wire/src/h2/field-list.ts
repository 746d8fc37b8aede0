import { FOLDED_TOKEN, HT, SP, VALUE } from '../h1/characters.ts'
import { equalsExactly, textOf } from '../h1/text.ts'
import type { FieldSink, Span } from './hpack/decoder.ts'
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

  field(name: Span, value: Span, never: boolean): boolean {
    this.fault ??= this.#take(name, value)
    if (never && this.fault === undefined) (this.neverIndexed ??= new Set()).add(spanText(name))
    return this.fault === undefined
  }

  /** A field whose name begins with a colon; answers whether it may stand here. */
  protected abstract pseudo(name: string, value: string): boolean
  /** Any other field; answers whether it may stand here. */
  protected abstract regular(name: Span, value: Span): boolean

  #take(name: Span, value: Span): ListFault | undefined {
    this.#bytes += fieldSize(name.end - name.start, value.end - value.start)
    if (++this.#fields > this.#limits.maxHeaders + MAX_PSEUDO || this.#bytes > this.#limits.maxHeadBytes) return 'too-large'
    return isValue(value) && this.#sort(name, value) ? undefined : 'malformed'
  }

  #sort(name: Span, value: Span): boolean {
    if (name.bytes[name.start] === COLON) return !this.#regular && this.pseudo(spanText(name), spanText(value))
    this.#regular = true
    return isLowerToken(name) && !isOneConnections(name) && this.regular(name, value)
  }
}

/** More than any message has. */
const MAX_PSEUDO = 6
const COLON = 58

export function isName({ bytes, start, end }: Span, name: string): boolean {
  return equalsExactly(bytes, start, end, name)
}

export function spanText({ bytes, start, end }: Span): string {
  return textOf(bytes, start, end)
}

/** No upper case: such names are refused, not mended (RFC 9113 section 8.2.1). */
function isLowerToken({ bytes, start, end }: Span): boolean {
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number
    if (FOLDED_TOKEN[byte] !== byte || byte === 0) return false
  }
  return end > start
}

/** No control character, and no blank at either end. */
function isValue({ bytes, start, end }: Span): boolean {
  for (let at = start; at < end; at++) if (VALUE[bytes[at] as number] === 0) return false
  return start === end || (!isBlank(bytes[start]) && !isBlank(bytes[end - 1]))
}

function isBlank(byte: number | undefined): boolean {
  return byte === SP || byte === HT
}

/** Fields that HTTP/2 does not carry (RFC 9113 section 8.2.2). */
function isOneConnections(name: Span): boolean {
  return ONE_CONNECTIONS.some((one) => isName(name, one))
}

const ONE_CONNECTIONS = ['connection', 'transfer-encoding', 'keep-alive', 'proxy-connection', 'upgrade']
