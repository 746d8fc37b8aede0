export interface Sample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** Reads Prometheus text 0.0.4; throws on a line that is none. */
export function samplesOf(text: string): readonly Sample[] {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const parts = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line)
      if (parts === null) throw new Error(`no sample: ${line}`)
      const labels = Object.fromEntries(
        [...(parts[2] ?? '').matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map((found) => [String(found[1]), String(found[2])]),
      )
      return { name: String(parts[1]), labels, value: Number(parts[3]) }
    })
}

/** Sum of a metric's samples that carry all the given labels. */
export function sumOf(text: string, name: string, labels: Readonly<Record<string, string>>): number {
  return samplesOf(text)
    .filter((sample) => sample.name === name && Object.entries(labels).every(([key, value]) => sample.labels[key] === value))
    .reduce((sum, sample) => sum + sample.value, 0)
}
