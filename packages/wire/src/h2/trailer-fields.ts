import type { Span } from './hpack/decoder.ts'
import { FieldList, isName, spanText, type ListLimits } from './field-list.ts'

/** `never`: no table may hold it, on whatever connection it goes on. */
export type TrailerField = readonly [name: string, value: string, never?: boolean]

/** The fields behind a body: no pseudo fields, and none that frames or routes the message (RFC 9110 section 6.5.1). */
export class TrailerFields extends FieldList {
  #fields: TrailerField[] = []

  override begin(limits: ListLimits): void {
    super.begin(limits)
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

  protected override regular(name: Span, value: Span): boolean {
    if (FORBIDDEN.some((one) => isName(name, one))) return false
    this.#fields.push([spanText(name), spanText(value)])
    return true
  }
}

const FORBIDDEN = ['content-length', 'host', 'te']
