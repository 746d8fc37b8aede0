import { KIND } from './field-kind.ts'
import { FieldList, type ListLimits } from './field-list.ts'
import type { DecodedField } from './hpack/decoded-field.ts'

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

  protected override regular(kind: number, field: DecodedField): boolean {
    if (kind === KIND.contentLength || kind === KIND.host || kind === KIND.te) return false
    this.#fields.push([field.nameText, field.valueText])
    return true
  }
}
