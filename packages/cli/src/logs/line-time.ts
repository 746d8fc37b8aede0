/** When a line says that it was written, Unix milliseconds; undefined when it does not say. Logs of the mesh's own processes do. */
export function saidTime(line: string): number | undefined {
  const text = line.startsWith('{') ? TIME_FIELD.exec(line)?.[1] : line.startsWith('[') ? line.slice(1, line.indexOf(']')) : undefined
  if (text === undefined || !ISO.test(text)) return undefined
  const time = Date.parse(text)
  return Number.isNaN(time) ? undefined : time
}

const TIME_FIELD = /"time":"([^"]{20,35})"/
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/

/** Up to which byte a log had been written at a time, as the supervisor noted it. */
export interface WrittenUpTo {
  readonly bytes: number
  /** Unix milliseconds. */
  readonly atMs: number
}

/** Reads the supervisor's notes about a log: `BYTES MILLISECONDS` a line. */
export function readTimes(text: string): readonly WrittenUpTo[] {
  return text.split('\n').flatMap((line) => {
    const [, bytes, atMs] = /^(\d+) (\d+)$/.exec(line) ?? []
    return bytes === undefined ? [] : [{ bytes: Number(bytes), atMs: Number(atMs) }]
  })
}

/** When the byte before `end` had been written at the latest; undefined when nobody noted it. */
export function writtenAt(times: readonly WrittenUpTo[], end: number): number | undefined {
  let low = 0
  let high = times.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((times[middle]?.bytes ?? 0) < end) low = middle + 1
    else high = middle
  }
  return times[low]?.atMs
}
