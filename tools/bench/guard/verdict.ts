/** What both trees took for one row, run by run, in µs. */
export interface Measured {
  readonly name: string
  readonly before: readonly number[]
  readonly now: readonly number[]
}

/** Differences below this are ties on a machine that does other things, too. */
const TIE = 0.08

/** The smallest of the runs counts on either side: what disturbs only ever adds. */
export function ratioOf({ before, now }: Measured): number {
  return Math.min(...now) / Math.min(...before)
}

/** A line for each row, and what grew by more than a tie. */
export function guardReport(measured: readonly Measured[]): string {
  const lines = measured.map((row) => {
    const ratio = ratioOf(row)
    const word = ratio > 1 + TIE ? 'grew' : ratio < 1 - TIE ? 'shrank' : 'same'
    const [before, now] = [Math.min(...row.before), Math.min(...row.now)]
    return `${row.name.padEnd(18)} ${before.toFixed(2).padStart(8)} µs → ${now.toFixed(2).padStart(8)} µs   × ${ratio.toFixed(2)}  ${word}`
  })
  return lines.join('\n')
}
