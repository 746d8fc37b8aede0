import { styleText } from 'node:util'
import { shownControls } from './terminal-safe.ts'

export const FORMATS = ['table', 'json', 'yaml'] as const
export type Format = (typeof FORMATS)[number]

/** Writes to standard output; a reader that has gone away is no error. */
export async function print(text: string): Promise<void> {
  // YAML and JSON leave some of them as they are, which is good for a file.
  const shown = process.stdout.isTTY ? shownControls(text) : text
  const whole = shown.endsWith('\n') ? shown : `${shown}\n`
  await new Promise<void>((resolve) => process.stdout.write(whole, () => resolve()))
}

/** One value as JSON or YAML, or else the text for people. */
export async function printValue(format: Format, value: unknown, table: () => string): Promise<void> {
  if (format === 'json') await print(JSON.stringify(value, undefined, 2))
  else if (format === 'yaml') await print((await import('yaml')).stringify(value, { aliasDuplicateObjects: false }))
  else await print(table())
}

type Style = Parameters<typeof styleText>[0]

/** Colour where standard output is a terminal and `NO_COLOR` is not set. */
export function paint(style: Style, text: string): string {
  return isColourful() ? styleText(style, text, { validateStream: false }) : text
}

/** A text that a terminal opens when it is clicked (OSC 8), where there would be colour too. */
export function hyperlink(text: string, url: string): string {
  return isColourful() ? `\u001b]8;;${url}\u001b\\${text}\u001b]8;;\u001b\\` : text
}

/** Whether standard output is a terminal that may be coloured. */
export function isColourful(): boolean {
  return process.stdout.isTTY && (process.env['NO_COLOR'] ?? '') === ''
}
