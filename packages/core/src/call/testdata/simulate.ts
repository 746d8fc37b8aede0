import { createBalancer } from '../../balance/balancer.ts'
import { compileEngine } from '../../engine/compile-engine.ts'
import type { Peer } from '../../engine/request.ts'
import { aFilter, aListener, SOMEBODY } from '../../engine/testdata/build.ts'
import type { MeshError } from '../../error/mesh-error.ts'
import type { Endpoint } from '../../view/cluster.ts'
import type { HttpFilterChain, Listener } from '../../view/listener.ts'
import type { View } from '../../view/view.ts'
import type { Call, CallEnv, ChainPlan, RetrySlots } from '../call.ts'
import { newCall } from '../new-call.ts'
import { PlainHead, type PlainHeadInit } from '../plain-head.ts'
import { PlainReply } from '../plain-reply.ts'
import type { Action } from '../run.ts'
import type { LocalReply } from '../stage.ts'
import { compileStages } from '../stage-list.ts'
import { standardStages } from '../standard.ts'
import { startCall } from '../start-call.ts'

/** What an upstream does with a try. */
export type UpstreamTurn = { readonly afterMs?: number } & (
  | { readonly status: number; readonly headers?: readonly (readonly [string, string])[] }
  | { readonly error: MeshError }
)

export interface Simulation {
  readonly view: View
  readonly filter: HttpFilterChain
  readonly listener?: Partial<Listener>
  readonly request?: Partial<PlainHeadInit>
  readonly peer?: Partial<Peer>
  readonly hasBody?: boolean
  readonly bodyReplayable?: boolean
  readonly chance?: () => number
  readonly retrySlots?: RetrySlots
  /** Answers the tries in turn; the last one goes on. */
  readonly upstream?: readonly UpstreamTurn[]
}

export interface Simulated {
  readonly call: Call
  readonly request: PlainHead
  readonly status: number
  readonly local: LocalReply | undefined
  /** Headers of the reply that was let through. */
  readonly reply: PlainReply | undefined
  /** Where the tries went and when, virtual milliseconds. */
  readonly tries: readonly {
    readonly endpoint: Endpoint | undefined
    readonly atMs: number
    readonly path: string
    readonly attempt: string | undefined
  }[]
  readonly stages: readonly string[]
  readonly durationMs: number
}

/** Drives one call to its end on a virtual clock. */
export function simulate(simulation: Simulation): Simulated {
  let now = 1000
  const engine = compileEngine(simulation.view)
  const chance = simulation.chance ?? (() => 0)
  const env: CallEnv = {
    now: () => now,
    wallClock: () => 1_700_000_000_000 + now,
    chance,
    randomHex: (bytes) => 'ab'.repeat(bytes),
    randomUuid: () => 'abababab-abab-4bab-abab-abababababab',
    balancer: createBalancer({ chance }),
    ...(simulation.retrySlots === undefined ? {} : { retrySlots: simulation.retrySlots }),
  }
  const listener = aListener(simulation.filter, simulation.listener)
  const plan: ChainPlan = {
    engine,
    listener,
    filter: simulation.filter,
    routes: engine.table(simulation.filter.routes),
    authorizer: engine.authorizer(simulation.filter),
  }
  const request = new PlainHead({ method: 'GET', scheme: 'http', authority: 'a', path: '/', ...simulation.request })
  const call = newCall({ env, plan, peer: { ...SOMEBODY, ...simulation.peer }, request, hasBody: simulation.hasBody ?? false })
  call.bodyReplayable = simulation.bodyReplayable ?? true
  const stages = standardStages(plan)
  const run = startCall(compileStages(stages), call)
  const tries: { endpoint: Endpoint | undefined; atMs: number; path: string; attempt: string | undefined }[] = []
  const turns = simulation.upstream ?? [{ status: 200 }]
  let reply: PlainReply | undefined
  const sleep = (ms: number, then: () => Action): Action => {
    const deadline = run.deadlineMs
    if (deadline !== undefined && deadline < now + ms) {
      now = deadline
      return run.onDeadline()
    }
    now += ms
    return then()
  }
  const send = (): Action => {
    tries.push({ endpoint: call.endpoint, atMs: now - 1000, path: request.path, attempt: request.header('x-envoy-attempt-count') })
    const turn = turns[Math.min(tries.length, turns.length) - 1]
    if (turn === undefined) throw new Error('the simulation has no upstream')
    return sleep(turn.afterMs ?? 0, () => {
      if ('error' in turn) return run.onFailure(turn.error)
      reply = new PlainReply(turn.status, turn.headers)
      return run.onReplyHead(reply)
    })
  }
  let action = run.begin()
  while (action.kind === 'send' || action.kind === 'wait') action = action.kind === 'send' ? send() : sleep(action.ms, () => run.resume())
  run.finish()
  const local = action.kind === 'reply' ? action.reply : undefined
  return {
    call,
    request,
    status: local?.status ?? reply?.status ?? 0,
    local,
    reply: local === undefined ? reply : undefined,
    tries,
    stages: stages.map(({ name }) => name),
    durationMs: now - 1000,
  }
}

/** A chain of a sidecar's outbound side over one inline table. */
export function outbound(table: Parameters<typeof aFilter>[0], parts?: Partial<HttpFilterChain>): HttpFilterChain {
  return aFilter(table, parts)
}
