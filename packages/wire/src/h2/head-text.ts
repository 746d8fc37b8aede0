import { FOLDED_TOKEN, HT, SP, TARGET, VALUE } from '../h1/characters.ts'
import { Output } from '../h1/output.ts'
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

/**
 * Takes a header list in, checks what HTTP/2 asks of it, and keeps the fields as lines of HTTP/1.1. So one reader judges the heads of
 * both versions, and nothing that one would refuse can pass through the other.
 */
export abstract class HeadText implements FieldSink {
  fault: ListFault | undefined
  /** Names of fields that no table may hold, on whatever connection they go on. */
  neverIndexed: Set<string> | undefined
  readonly lines = new Output(2048)
  readonly #limits: ListLimits
  readonly #cookies = new Output(256)
  #bytes = 0
  #fields = 0
  #regular = false

  constructor(limits: ListLimits) {
    this.#limits = limits
  }

  clear(): void {
    this.fault = undefined
    this.neverIndexed = undefined
    this.lines.clear()
    this.#cookies.clear()
    this.#bytes = 0
    this.#fields = 0
    this.#regular = false
  }

  field(name: Span, value: Span, never: boolean): boolean {
    this.fault ??= this.#take(name, value)
    if (never && this.fault === undefined) (this.neverIndexed ??= new Set()).add(spanText(name))
    return this.fault === undefined
  }

  /** Cookies may come in pieces; as one line they mean the same in both versions (RFC 9113 section 8.2.3). */
  protected endLines(): void {
    if (this.#cookies.length === 0) return
    this.lines.text('cookie: ')
    this.lines.copy(this.#cookies.written)
    this.lines.text('\r\n')
  }

  /** A field whose name begins with a colon. */
  protected abstract pseudo(name: string, value: string): boolean
  /** A field that only one connection could mean, or that the head tells otherwise; undefined: an ordinary one. */
  protected special(_name: Span, _value: Span): 'skip' | 'malformed' | undefined {
    return undefined
  }

  #take(name: Span, value: Span): ListFault | undefined {
    this.#bytes += fieldSize(name.end - name.start, value.end - value.start)
    if (++this.#fields > this.#limits.maxHeaders + MAX_PSEUDO || this.#bytes > this.#limits.maxHeadBytes) return 'too-large'
    if (!isValue(value)) return 'malformed'
    if (name.bytes[name.start] === COLON) {
      return !this.#regular && this.pseudo(spanText(name), spanText(value)) ? undefined : 'malformed'
    }
    this.#regular = true
    if (!isLowerToken(name) || isOneConnections(name)) return 'malformed'
    const special = this.special(name, value)
    if (special !== undefined) return special === 'skip' ? undefined : special
    if (isName(name, 'cookie')) this.#cookie(value)
    else this.#line(name, value)
    return undefined
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

/** More than any message has. */
const MAX_PSEUDO = 6
const COLON = 58

export function isName({ bytes, start, end }: Span, name: string): boolean {
  return equalsExactly(bytes, start, end, name)
}

export function spanText({ bytes, start, end }: Span): string {
  return textOf(bytes, start, end)
}

/** Every character may stand in a request target. */
export function isTargetText(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (TARGET[text.charCodeAt(at)] !== 1) return false
  return text !== ''
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
