import { FOLDED_TOKEN, VALUE } from './characters.ts'

/** Reads what stands behind the first semicolon of a chunk line, byte by byte: `name`, `name=token`, `name="quoted"`, more of them behind semicolons; no blanks. */
export class ChunkExtension {
  /** Of one message together. */
  bytes = 0
  #part: 'name' | 'value' | 'quoted' | 'escaped' | 'end' = 'name'
  /** Whether the name or value has a character. */
  #begun = false

  begin(): void {
    this.#part = 'name'
    this.#begun = false
  }

  /** Whether the line may end here. */
  get complete(): boolean {
    return this.#part === 'end' || (this.#begun && (this.#part === 'name' || this.#part === 'value'))
  }

  /** Answers false for a byte that has no place here. */
  take(code: number): boolean {
    this.bytes++
    if (this.#part === 'quoted') return this.#quoted(code)
    if (this.#part === 'escaped') {
      this.#part = 'quoted'
      return VALUE[code] !== 0
    }
    if (code === SEMICOLON) return this.#next('name')
    if (code === EQUALS) return this.#part === 'name' && this.#next('value')
    if (code === QUOTE && this.#part === 'value' && !this.#begun) {
      this.#part = 'quoted'
      return true
    }
    this.#begun = true
    return this.#part !== 'end' && FOLDED_TOKEN[code] !== 0
  }

  #next(part: 'name' | 'value'): boolean {
    const { complete } = this
    this.#part = part
    this.#begun = false
    return complete
  }

  #quoted(code: number): boolean {
    if (code === QUOTE) this.#part = 'end'
    else if (code === BACKSLASH) this.#part = 'escaped'
    return VALUE[code] !== 0
  }
}

const SEMICOLON = 59
const EQUALS = 61
const QUOTE = 34
const BACKSLASH = 92
