import type { ChainPlan, StageList } from '@mesh/core/call'
import { compileStages, standardStages } from '@mesh/core/call'
import type { Authorizer, Engine } from '@mesh/core/engine'
import type { FilterChain, HttpFilterChain, Listener, TcpFilterChain } from '@mesh/core/view'
import { needsNoSniff } from '../listen/chain-match.ts'

/** A listener compiled for one engine: all that its connections share, swapped as one reference. */
export interface ListenerPlan {
  readonly listener: Listener
  readonly engine: Engine
  readonly chains: readonly ChainRuntime[]
  /** The chain follows from the listener alone. */
  readonly blind: boolean
}

export type ChainRuntime = HttpChain | TcpChain

export interface HttpChain {
  readonly kind: 'http'
  readonly chain: FilterChain
  readonly filter: HttpFilterChain
  readonly plan: ChainPlan
  readonly stages: StageList
}

export interface TcpChain {
  readonly kind: 'tcp'
  readonly chain: FilterChain
  readonly filter: TcpFilterChain
  readonly listener: Listener
  readonly engine: Engine
  readonly authorizer: Authorizer
}

/** Compiles the chains of a listener. */
export function planListener(engine: Engine, listener: Listener): ListenerPlan {
  return {
    listener,
    engine,
    chains: listener.chains.map((chain) => planChain(engine, listener, chain)),
    blind: !listener.inspectTls && needsNoSniff(listener.chains),
  }
}

function planChain(engine: Engine, listener: Listener, chain: FilterChain): ChainRuntime {
  const { filter } = chain
  const authorizer = engine.authorizer(filter)
  if (filter.kind === 'tcp') return { kind: 'tcp', chain, filter, listener, engine, authorizer }
  const plan: ChainPlan = { engine, listener, filter, routes: engine.table(filter.routes), authorizer }
  return { kind: 'http', chain, filter, plan, stages: compileStages(standardStages(plan)) }
}
