/**
 * Reads the table "Packages, and who may import whom" of docs/architecture.md: folder → folders that it may import.
 * Rows without a single package (`apps/*`) are left out. Throws when there is no such table.
 */
export function allowedImports(markdown: string): ReadonlyMap<string, ReadonlySet<string>> {
  const rows = tableAfter(markdown, '## Packages, and who may import whom')
  const names = rows.map(([first]) => /^`([\w-]+)`$/.exec(first ?? '')?.[1]).filter((name) => name !== undefined)
  if (names.length === 0) throw new Error('docs/architecture.md has no table of packages')
  const table = new Map<string, ReadonlySet<string>>()
  for (const [first, , may] of rows) {
    const name = /^`([\w-]+)`$/.exec(first ?? '')?.[1]
    if (name !== undefined) table.set(`packages/${name}`, new Set(foldersIn(may ?? '', names)))
  }
  return table
}

function tableAfter(markdown: string, heading: string): readonly (readonly string[])[] {
  const from = markdown.indexOf(heading)
  if (from < 0) return []
  const lines = markdown.slice(from).split('\n').slice(1)
  const start = lines.findIndex((line) => line.startsWith('|'))
  const end = lines.findIndex((line, index) => index > start && !line.startsWith('|'))
  return lines.slice(start, end).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )
}

function foldersIn(cell: string, names: readonly string[]): readonly string[] {
  return cell
    .split(',')
    .map((part) => part.trim())
    .filter((part) => names.includes(part))
    .map((name) => `packages/${name}`)
}
