/** Tells the line and column (from 1, in UTF-16 units) of an offset in a text. */
export type PlaceOf = (offset: number) => readonly [line: number, column: number]

/** Finds the lines of a text when first asked. */
export function linePlaces(text: string): PlaceOf {
  let starts: readonly number[] | undefined
  return (offset) => {
    starts ??= lineStarts(text)
    const line = lineAt(starts, offset)
    return [line + 1, Math.max(offset - (starts[line] ?? 0), 0) + 1]
  }
}

function lineStarts(text: string): readonly number[] {
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}

/** The last line that begins at or before an offset. */
function lineAt(starts: readonly number[], offset: number): number {
  let low = 0
  let high = starts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((starts[middle] ?? 0) <= offset) low = middle
    else high = middle - 1
  }
  return low
}
