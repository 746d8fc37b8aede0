import { startLoneProxy } from './lone-proxy.ts'
import type { Part, Watched } from './part.ts'
import { figuresOf, thirds } from './process-figures.ts'
import { startSidecars } from './sidecars.ts'
import { startTraffic, type Tally } from './traffic.ts'

export interface Soaked {
  readonly tallies: readonly Tally[]
  readonly processes: readonly Measured[]
  readonly changes: number
  readonly complaints: readonly string[]
}

/** What a process held. */
export interface Measured {
  readonly name: string
  /** MB, medians of the first and the last third. */
  readonly resident: { readonly first: number; readonly last: number }
  readonly descriptors: { readonly before: number; readonly during: number; readonly after: number }
}

/** Until what is loaded on first use is loaded, and the heap has found its size. */
const WARM_UP_SECONDS = 30
const SETTLES_WITHIN_MS = 20_000

/** Runs the load for so long, behind a time of warming up. */
export async function soak(seconds: number): Promise<Soaked> {
  const parts: Part[] = []
  const complaints: string[] = []
  try {
    parts.push(await startLoneProxy())
    parts.push(await startSidecars())
    const measured = await measure(parts, seconds)
    return { ...measured, complaints }
  } finally {
    for (const part of parts) complaints.push(...(await part.stop()))
  }
}

async function measure(parts: readonly Part[], seconds: number): Promise<Omit<Soaked, 'complaints'>> {
  const watched = parts.flatMap(({ processes }) => processes.map(watch))
  const traffics = parts.flatMap(({ callers }) => callers).map(startTraffic)
  let turn = 0
  for (const end = performance.now() + (WARM_UP_SECONDS + seconds) * 1000; performance.now() < end;) {
    turn++
    for (const part of parts) part.change(turn)
    await new Promise((resolve) => setTimeout(resolve, 1000))
    for (const one of watched) one.look(turn > WARM_UP_SECONDS)
  }
  await Promise.all(traffics.map((traffic) => traffic.stop()))
  const processes = await Promise.all(watched.map((one) => one.measured()))
  return { tallies: traffics.map(({ tally }) => tally), processes, changes: turn }
}

function watch({ name, pid }: Watched) {
  const before = figuresOf(pid).descriptors
  const resident: number[] = []
  let during = 0
  return {
    look(warm: boolean): void {
      const figures = figuresOf(pid)
      during = Math.max(during, figures.descriptors)
      if (warm) resident.push(figures.residentMb)
    },
    measured: async (): Promise<Measured> => ({
      name,
      resident: thirds(resident),
      descriptors: { before, during, after: await settled(pid, before) },
    }),
  }
}

/** The number of descriptors once it is no more than `most`, or does not get there. */
async function settled(pid: number, most: number): Promise<number> {
  for (const end = performance.now() + SETTLES_WITHIN_MS; ;) {
    const { descriptors } = figuresOf(pid)
    if (descriptors <= most || performance.now() > end) return descriptors
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}
