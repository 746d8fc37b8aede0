/** What one repetition said of a variant; parts that it did not measure are absent. */
export interface Sample {
  readonly work: string
  readonly variant: string
  readonly errors: number
  readonly cpuUsPerRequest?: number
  readonly userUsPerRequest?: number
  readonly rps?: number
  readonly p50Ms?: number
  readonly p99Ms?: number
  readonly rssMb?: number
  readonly startMs?: number
  readonly kibPerConnection?: number
}
