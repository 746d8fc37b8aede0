import type { Call, CallEnv } from '../../call/call.ts'
import { newCall } from '../../call/new-call.ts'
import type { Action, CallRun } from '../../call/run.ts'
import { startCall } from '../../call/start-call.ts'
import { MeshError } from '../../error/mesh-error.ts'
import type { Mesh } from '../../mesh/mesh.ts'
import type { ActiveCalls } from './active-calls.ts'
import type { ClusterCalls } from './cluster-calls.ts'
import { fetchError } from './fetch-error.ts'
import { FetchReply, localResponse } from './fetch-reply.ts'
import { bodyInit, headersOf, type FetchRequest } from './fetch-request.ts'
import { cannotProtect, isOutside, nowhere } from './reach.ts'
import { tellOutliers, type TryResult } from './tell-outliers.ts'
import { afterMs, type Alarm } from './timers.ts'
import type { Transport } from './transport.ts'

/** What all calls of one mesh fetch share. */
export interface Driver {
  readonly mesh: Mesh
  readonly env: CallEnv
  readonly transport: Transport
  readonly active: ActiveCalls
  readonly calls: ClusterCalls
}

/** `outside`: the mesh has no opinion, the host's own fetch shall do it. */
export type Driven = { readonly kind: 'response'; readonly response: Response } | { readonly kind: 'outside' }

/** Drives one call to its response; rejects only when the caller aborts. */
export async function driveCall(driver: Driver, request: FetchRequest, wasRedirected: boolean): Promise<Driven> {
  request.signal?.throwIfAborted()
  const { plan, stages, outliers } = driver.mesh.outbound
  if (outliers.size > 0) outliers.sweep(driver.env.now())
  const peer = { address: plan.listener.address, port: 0, localAddress: plan.listener.address, localPort: plan.listener.port }
  const call = newCall({ env: driver.env, plan, peer, request: request.head, hasBody: request.body !== null })
  call.bodyReplayable = request.replayable
  const run = startCall(stages, call)
  try {
    return await new Drive(driver, request, run).toEnd(wasRedirected)
  } finally {
    run.finish()
  }
}

class Drive {
  readonly #driver: Driver
  readonly #request: FetchRequest
  readonly #run: CallRun
  #reply: FetchReply | undefined
  /** Ends the try under way and the body that it answers with. */
  #stop = new AbortController()

  constructor(driver: Driver, request: FetchRequest, run: CallRun) {
    this.#driver = driver
    this.#request = request
    this.#run = run
  }

  async toEnd(wasRedirected: boolean): Promise<Driven> {
    const { url } = this.#request
    let action = this.#run.begin()
    while (action.kind === 'send' || action.kind === 'wait') {
      if (action.kind === 'send' && isOutside(this.#run.call)) return { kind: 'outside' }
      action = action.kind === 'send' ? await this.#send() : await this.#wait(action.ms)
    }
    if (action.kind === 'reply') {
      this.#drop()
      return { kind: 'response', response: localResponse(action.reply, url, wasRedirected) }
    }
    if (this.#reply === undefined) throw new Error('a reply was let through that never came')
    this.#boundBody()
    return { kind: 'response', response: this.#reply.finish(url, wasRedirected) }
  }

  async #send(): Promise<Action> {
    this.#drop()
    const { call } = this.#run
    const { endpoint } = call
    if (endpoint === undefined) return this.#run.onFailure(nowhere())
    const stop = new AbortController()
    this.#stop = stop
    const ended = this.#driver.active.begin(endpoint)
    const over = call.cluster === undefined ? undefined : this.#driver.calls.begin(call.cluster)
    try {
      const outcome = await this.#race(this.#sendTry(call, stop.signal), this.#run.deadlineMs)
      ended()
      return this.#judge(outcome)
    } finally {
      ended()
      over?.()
    }
  }

  #judge(outcome: { kind: 'value'; value: Response | MeshError } | { kind: 'alarm' }): Action {
    if (outcome.kind === 'alarm') {
      this.#tell({ kind: 'timeout' })
      return this.#run.onDeadline()
    }
    if (outcome.value instanceof MeshError) {
      this.#tell({ kind: 'failed', error: outcome.value })
      return this.#run.onFailure(outcome.value)
    }
    this.#reply = new FetchReply(outcome.value)
    this.#tell({ kind: 'reply', reply: this.#reply })
    return this.#run.onReplyHead(this.#reply)
  }

  #tell(result: TryResult): void {
    const { mesh, env } = this.#driver
    if (mesh.outbound.outliers.size > 0) tellOutliers(mesh.outbound.outliers, this.#run.call, result, env.now())
  }

  #sendTry({ request, endpoint, cluster }: Call, stop: AbortSignal): Promise<Response | MeshError> {
    const { body, rest, signal } = this.#request
    const tls = cluster?.cluster.tls
    const why = cannotProtect(tls)
    if (endpoint === undefined || why !== undefined) return Promise.resolve(why ?? nowhere())
    const url = tls?.mode === 'simple' ? `https://${tls.sni}${request.path}` : `http://${request.authority}${request.path}`
    const init: RequestInit = {
      ...rest,
      method: request.method,
      headers: headersOf(this.#request.head),
      ...bodyInit(body),
      signal: signal === undefined ? stop : AbortSignal.any([signal, stop]),
      redirect: 'manual',
    }
    return this.#driver.transport({ url: new URL(url), endpoint, init }).catch(fetchError)
  }

  async #wait(ms: number): Promise<Action> {
    this.#drop()
    const until = this.#run.deadlineMs
    const leftMs = until === undefined ? ms : Math.min(ms, until - this.#driver.env.now())
    await this.#race(new Promise<never>(() => {}), this.#driver.env.now() + leftMs)
    return leftMs < ms ? this.#run.onDeadline() : this.#run.resume()
  }

  /** The first of: an outcome, a moment, the caller's abort (which rejects). */
  async #race<Value>(outcome: Promise<Value>, untilMs: number | undefined): Promise<{ kind: 'value'; value: Value } | { kind: 'alarm' }> {
    const { signal } = this.#request
    signal?.throwIfAborted()
    let alarm: Alarm | undefined
    let onAbort: (() => void) | undefined
    const aborted = new Promise<never>((_resolve, reject) => {
      onAbort = () => reject(signal?.reason)
      signal?.addEventListener('abort', onAbort, { once: true })
    })
    const rung = new Promise<{ kind: 'alarm' }>((resolve) => {
      if (untilMs !== undefined) alarm = afterMs(untilMs - this.#driver.env.now(), () => resolve({ kind: 'alarm' }))
    })
    try {
      return await Promise.race([outcome.then((value) => ({ kind: 'value' as const, value })), rung, aborted])
    } finally {
      alarm?.cancel()
      if (onAbort !== undefined) signal?.removeEventListener('abort', onAbort)
    }
  }

  /** The deadline holds for the body too. */
  #boundBody(): void {
    const stop = this.#stop
    const { deadlineMs } = this.#run
    if (deadlineMs === undefined || this.#reply?.response.body === null) return
    afterMs(deadlineMs - this.#driver.env.now(), () => stop.abort(new DOMException('The upstream request timed out.', 'TimeoutError')), {
      background: true,
    })
  }

  #drop(): void {
    const reply = this.#reply
    this.#reply = undefined
    if (reply !== undefined) void reply.response.body?.cancel().catch(() => undefined)
    this.#stop.abort()
  }
}
