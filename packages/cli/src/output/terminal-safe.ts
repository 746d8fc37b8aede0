/** Foreign text for a terminal: its colours are kept as far as its end; what moves the cursor, rings, or talks to the terminal is not. */
export function terminalSafe(text: string): string {
  const safe = text.replaceAll(SEQUENCE, (found) => (found.endsWith('m') && found[1] === '[' ? found : '')).replaceAll(CONTROL, '')
  return safe.includes('\u001b') ? `${safe}${RESET}` : safe
}

/** Foreign text for a file, a pipe, or the middle of a sentence: without any sequence of a terminal. */
export function plainText(text: string): string {
  return text.replaceAll(SEQUENCE, '').replaceAll(CONTROL, '')
}

/** Foreign text that must not begin a line of its own. */
export function safeLine(text: string): string {
  return terminalSafe(text).replaceAll(/[\r\n]+/g, ' ')
}

/** Lines that hold foreign text, each of which stays one line. */
export function safeLines(lines: readonly string[]): string {
  return lines.map(safeLine).join('\n')
}

/** A text with control characters as escapes that one can read, but for those of colours and lines. */
export function shownControls(text: string): string {
  return text.replaceAll(CONTROL, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** CSI, the string sequences (OSC, DCS, SOS, PM, APC), and what else begins with ESC (ECMA-48). */
const SEQUENCE = new RegExp(
  ['\\[[0-9;:?]*[ -/]*[@-~]', '[\\]PX^_][^\\x07\\x1b]*(?:\\x07|\\x1b\\\\)?', '.?'].map((one) => `\\x1b${one}`).join('|'),
  'g',
)

const RESET = '\u001b[0m'

/** Neither tab nor what ends a line, nor the ESC of a colour. */
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const CONTROL = /[\u0000-\u0008\u000b-\u001a\u001c-\u001f\u007f-\u009f]/g
