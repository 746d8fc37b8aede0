/** Calls back with each token of a comma list, blanks around it cut. */
export function eachToken(bytes: Uint8Array, start: number, end: number, onToken: (start: number, end: number) => void): void {
  let from = start
  for (let at = start; at <= end; at++) {
    if (at < end && bytes[at] !== 44) continue
    let first = from
    let last = at
    while (first < last && (bytes[first] === 32 || bytes[first] === 9)) first++
    while (last > first && (bytes[last - 1] === 32 || bytes[last - 1] === 9)) last--
    if (last > first) onToken(first, last)
    from = at + 1
  }
}
