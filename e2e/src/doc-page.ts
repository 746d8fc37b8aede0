import { readFileSync } from 'node:fs'

/** One step of a page that can be carried out. */
export type DocStep =
  | { readonly kind: 'run'; readonly line: number; readonly script: string; readonly exit: number; readonly expected: string | undefined }
  | { readonly kind: 'file'; readonly line: number; readonly name: string; readonly text: string }
  | { readonly kind: 'config'; readonly line: number; readonly text: string }

interface Fence {
  readonly line: number
  readonly language: string
  readonly attributes: ReadonlyMap<string, string>
  readonly text: string
}

/**
 * What a page of the documentation says to do: its `sh` blocks are run (`exit=1`: with that exit code; `norun`: not at all, the test says why), a `text` block
 * behind one is what it prints, a `yaml` block is a file (`file=NAME`) or configuration that must be valid.
 */
export function readDocPage(path: string): readonly DocStep[] {
  const fences = fencesOf(readFileSync(path, 'utf8'))
  return fences.flatMap((fence, index): readonly DocStep[] => {
    const { line, text, attributes } = fence
    const name = attributes.get('file')
    if (name !== undefined) return [{ kind: 'file', line, name, text }]
    if (fence.language === 'yaml') return [{ kind: 'config', line, text }]
    if (fence.language !== 'sh' || attributes.has('norun')) return []
    const next = fences[index + 1]
    const expected = next?.language === 'text' ? next.text : undefined
    return [{ kind: 'run', line, script: text, exit: Number(attributes.get('exit') ?? 0), expected }]
  })
}

function fencesOf(markdown: string): readonly Fence[] {
  const fences: Fence[] = []
  let open: { line: number; info: string; lines: string[] } | undefined
  for (const [index, line] of markdown.split('\n').entries()) {
    if (open === undefined) {
      const info = /^```(\S.*)$/.exec(line)?.[1]
      if (info !== undefined) open = { line: index + 1, info, lines: [] }
    } else if (line === '```') {
      const [language = '', ...attributes] = open.info.split(/\s+/)
      const pairs = attributes.map((one) => [one.split('=')[0] ?? '', one.split('=')[1] ?? ''] as const)
      fences.push({ line: open.line, language, attributes: new Map(pairs), text: `${open.lines.join('\n')}\n` })
      open = undefined
    } else open.lines.push(line)
  }
  return fences
}

/** Why an output is not what a page says; undefined when each line of the page is there, in order. `…` stands for anything, `~12` for some number. */
export function mismatch(expected: string, output: string): string | undefined {
  const lines = output.split('\n')
  let from = 0
  for (const line of expected.split('\n').filter((one) => one.trim() !== '')) {
    const pattern = patternOf(line)
    const found = lines.findIndex((one, index) => index >= from && pattern.test(one.trim()))
    if (found === -1) return `no line like "${line}" in\n${output}`
    from = found + 1
  }
  return undefined
}

function patternOf(line: string): RegExp {
  const escaped = line
    .trim()
    .replace(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)
    .replaceAll('…', '.*')
    .replace(/~\d+(?:\\\.\d+)?/g, String.raw`\d+(?:\.\d+)?`)
    .replace(/ {2,}/g, ' +')
  return new RegExp(`^${escaped}$`)
}
