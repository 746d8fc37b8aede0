import { safeLine } from './terminal-safe.ts'

const GAP = '     '

/** Rows in columns as kubectl prints them: upper-case heads, no lines. What a cell holds cannot leave it. */
export function formatTable(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [heads, ...rows.map((row) => row.map(safeLine))]
  const widths = heads.map((_head, column) => Math.max(...all.map((row) => (row[column] ?? '').length)))
  return all
    .map((row) =>
      row
        .map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
        .join(GAP)
        .trimEnd(),
    )
    .join('\n')
}
