import type { LoadSpec } from '../work.ts'
import { runExchange } from './exchange.ts'
import { runH2load } from './h2load.ts'
import { runHandshakes } from './handshake.ts'
import type { Load, LoadRun } from './load.ts'
import { runWrk } from './wrk.ts'

/** A load that keeps a proxy busy. */
export type BusyLoad = Exclude<LoadSpec, { readonly kind: 'fresh' }>

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
