import type { LoadSpec } from '../work.ts'
import { runExchange } from './exchange.ts'
import { runH2load } from './h2load.ts'
import { runHandshakes } from './handshake.ts'
import type { Load, LoadRun } from './load.ts'
import { runWrk } from './wrk.ts'

/** A load that keeps a proxy busy. */
export type BusyLoad = Exclude<LoadSpec, { readonly kind: 'fresh' }>

/**
 * Runs a load before it counts, in short pieces: clients come and go, as they do when it counts, so that a virtual machine has compiled that, too.
 */
export async function warmUp(load: BusyLoad, run: (seconds: number) => LoadRun, seconds: number): Promise<void> {
  const pieces = Math.max(1, Math.round(seconds / PIECE_SECONDS))
  for (let piece = 0; piece < pieces; piece++) await runLoad(load, run(seconds / pieces))
}

const PIECE_SECONDS = 2

/** As much of a load as there can be, for a time. */
export function runLoad(load: BusyLoad, run: LoadRun): Promise<Load> {
  switch (load.kind) {
    case 'http':
      return runWrk(load, run)
    case 'exchange':
      return runExchange(load, run)
    case 'h2':
      return runH2load(load, run)
    case 'handshake':
      return runHandshakes(load.connections, run)
  }
}
