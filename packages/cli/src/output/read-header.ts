import { CommandFailure, EXIT } from './exit-code.ts'

/** A header as `-H "name: value"` writes it, its name in lower case. */
export function readHeader(text: string): readonly [string, string] {
  const colon = text.indexOf(':')
  const name = text.slice(0, Math.max(colon, 0)).trim().toLowerCase()
  if (!/^[-!#$%&'*+.^_`|~0-9a-z]+$/.test(name)) throw new CommandFailure(EXIT.usage, `-H takes "name: value", not "${text}".`)
  return [name, text.slice(colon + 1).trim()]
}
