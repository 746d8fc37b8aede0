import { FOLDED_TOKEN, VALUE } from './characters.ts'

/** Whether a name may stand in a head: a token in lower case. */
export function isFieldName(name: string): boolean {
  return /^[a-z0-9!#$%&'*+\-.^_`|~]+$/.test(name)
}

/** Whether a value may stand in a head: no control character but the tab. */
export function isFieldValue(value: string): boolean {
  for (let at = 0; at < value.length; at++) {
    const code = value.charCodeAt(at)
    if ((code < 32 && code !== 9) || code === 127) return false
  }
  return true
}

/** `isFieldName` over bytes. */
export function isNameText(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const code = bytes[at] as number
    if (code === 0 || FOLDED_TOKEN[code] !== code) return false
  }
  return start < end
}

/** `isFieldValue` over bytes. */
export function isValueText(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (VALUE[bytes[at] as number] === 0) return false
  return true
}
