import { readFileSync } from 'node:fs'

/** One case of a Markdown file: what is sent, and what must come of it. */
export interface WireCase {
  readonly name: string
  readonly bytes: Uint8Array
  readonly events: readonly string[]
}

/** Reads `cases/NAME.md`. */
export function readCases(name: string): WireCase[] {
  const text = readFileSync(new URL(`../cases/${name}.md`, import.meta.url), 'utf8')
  const cases = text.split(/^## /m).slice(1).map(readCase)
  if (cases.length === 0) throw new Error(`cases/${name}.md holds no case`)
  return cases
}

function readCase(text: string): WireCase {
  const name = text.slice(0, text.indexOf('\n'))
  const http = /```http\n([\s\S]*?)```/.exec(text)?.[1]
  const events = /```events\n([\s\S]*?)```/.exec(text)?.[1]
  if (http === undefined || events === undefined) throw new Error(`the case "${name}" lacks a block`)
  return { name, bytes: Uint8Array.from(Buffer.from(unescape(http), 'latin1')), events: events.trimEnd().split('\n') }
}

function unescape(block: string): string {
  return block
    .replaceAll('\\\n', '')
    .replaceAll('\n', '\r\n')
    .replace(/\\(r|n|t|0|x[0-9a-f]{2}|\\|")/g, (_, code: string) => BYTES[code] ?? String.fromCharCode(Number.parseInt(code.slice(1), 16)))
}

const BYTES: Readonly<Record<string, string>> = { r: '\r', n: '\n', t: '\t', 0: '\0', '\\': '\\', '"': '\\"' }
