import type { Span } from './hpack/decoder.ts'
import { HeadText, isName, spanText } from './head-text.ts'

/** `never`: no table may hold it, on whatever connection it goes on. */
export type TrailerField = readonly [name: string, value: string, never?: boolean]

/** The fields behind a body: no pseudo fields, and none that frames or routes the message (RFC 9110 section 6.5.1). */
export class TrailerFields extends HeadText {
  #fields: TrailerField[] = []

  override clear(): void {
    super.clear()
    this.#fields = []
  }

  finish(): readonly TrailerField[] | undefined {
    if (this.fault !== undefined) return undefined
    const { neverIndexed } = this
    return neverIndexed === undefined ? this.#fields : this.#fields.map(([name, value]) => [name, value, neverIndexed.has(name)])
  }

  protected override pseudo(): boolean {
    return false
  }

  protected override special(name: Span, value: Span): 'skip' | 'malformed' {
    if (FORBIDDEN.some((one) => isName(name, one))) return 'malformed'
    this.#fields.push([spanText(name), spanText(value)])
    return 'skip'
  }
}

const FORBIDDEN = ['content-length', 'host', 'te']
