/** Rows under their titles, each column as wide as it must be; the first to the left, numbers to the right. */
export function textTable(titles: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const all = [titles, ...rows.map((row) => row.map(String))]
  const widths = titles.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)))
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd()
  return all.map(line).join('\n')
}
