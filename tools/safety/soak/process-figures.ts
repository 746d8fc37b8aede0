import { readdirSync } from 'node:fs'
import { residentMb } from '../../bench/cpu-time.ts'

/** What a process holds at one moment. */
export interface Figures {
  readonly residentMb: number
  readonly descriptors: number
}

export function figuresOf(pid: number): Figures {
  return { residentMb: residentMb(pid), descriptors: readdirSync(`/proc/${pid}/fd`).length }
}

/** Medians of the first and the last third. */
export function thirds(values: readonly number[]): { readonly first: number; readonly last: number } {
  const size = Math.max(1, Math.floor(values.length / 3))
  return { first: median(values.slice(0, size)), last: median(values.slice(-size)) }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}
