/** The known name nearest to a misspelt one, if it is near enough to be meant. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  if (name.length > 64) return undefined
  const folded = fold(name)
  const allowed = Math.max(1, Math.floor(folded.length / 3))
  let best: { readonly name: string; readonly distance: number } | undefined
  for (const candidate of known) {
    const distance = distanceOf(folded, fold(candidate))
    if (distance <= allowed && (best === undefined || distance < best.distance)) best = { name: candidate, distance }
  }
  return best?.name
}

/** `mirror_percent`, `MirrorPercent` and `mirror-percent` are the same word. */
function fold(name: string): string {
  return name.toLowerCase().replaceAll(/[-_\s]/g, '')
}

/** Edits between two words: insert, delete, replace, and swap of neighbours. */
function distanceOf(left: string, right: string): number {
  const width = right.length + 1
  const table = new Array<number>((left.length + 1) * width).fill(0)
  const at = (row: number, column: number): number => table[row * width + column] ?? 0
  for (let row = 0; row <= left.length; row++) {
    for (let column = 0; column < width; column++) {
      let least = row === 0 ? column : column === 0 ? row : Math.min(at(row - 1, column), at(row, column - 1)) + 1
      if (row > 0 && column > 0) {
        least = Math.min(least, at(row - 1, column - 1) + (left[row - 1] === right[column - 1] ? 0 : 1))
        if (row > 1 && column > 1 && left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1]) {
          least = Math.min(least, at(row - 2, column - 2) + 1)
        }
      }
      table[row * width + column] = least
    }
  }
  return at(left.length, right.length)
}
