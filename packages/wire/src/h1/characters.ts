export const CR = 13
export const LF = 10
export const SP = 32
export const HT = 9
export const COLON = 58

/** Token characters (RFC 9110 section 5.6.2) in lower case; 0 for all others. */
export const FOLDED_TOKEN: Uint8Array = foldedTokens()

/** 1 for what a field value may hold (RFC 9110 section 5.5): visible characters, space, tab and bytes above 127. */
export const VALUE: Uint8Array = table((code) => code === HT || (code >= SP && code !== 127))

/** 1 for what a request target may hold: visible ASCII without `#`, which never travels (RFC 9112 section 3.2). */
export const TARGET: Uint8Array = table((code) => code > SP && code < 127 && code !== 35)

/** 1 for what a host may hold (RFC 3986 section 3.2.2): unreserved, sub-delims without the comma, percent, colon, brackets. */
export const HOST: Uint8Array = table((code) => /[A-Za-z0-9\-._~!$&'()*+;=%:[\]]/.test(String.fromCharCode(code)))

/** A hexadecimal digit's value; 255 for all others. */
export const HEX: Uint8Array = new Uint8Array(256).map((_, code) => hexValue(code))

function foldedTokens(): Uint8Array {
  const isToken = table((code) => /[A-Za-z0-9!#$%&'*+\-.^_`|~]/.test(String.fromCharCode(code)))
  return isToken.map((token, code) => (token === 0 ? 0 : code >= 65 && code <= 90 ? code + 32 : code))
}

function table(holds: (code: number) => boolean): Uint8Array {
  return new Uint8Array(256).map((_, code) => Number(holds(code)))
}

function hexValue(code: number): number {
  const digit = '0123456789abcdef'.indexOf(String.fromCharCode(code).toLowerCase())
  return digit === -1 ? 255 : digit
}
