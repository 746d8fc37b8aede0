import { newCall, startCall, type Action, type Call, type CallRun, type LocalReply } from '@mesh/core/call'
import type { MeshError, ResponseFlag } from '@mesh/core/error'
import type { Timer } from '@mesh/io'
import type { ReplyHead, RequestHead, TrailerField } from '@mesh/wire'
import type { ProxyContext } from '../context.ts'
import type { HttpChain } from '../state/listener-plan.ts'
import type { Refusal } from './admit-request.ts'
import { BodyKeeper } from './body-keeper.ts'
import { isGrpc, isGrpcStatus, replyFor } from './grpc-reply.ts'
import type { ReplySink } from './reply-sink.ts'
import { startTunnel } from './tunnel.ts'
import { passable } from './trailers.ts'
import { UpstreamTry } from './upstream-try.ts'

/** One request and its reply: does what the call's run says, and moves the bodies. */
export class Exchange {
  readonly sink: ReplySink
  readonly chain: HttpChain
  readonly request: RequestHead
  readonly call: Call
  readonly context: ProxyContext
  readonly requestHeadBytes: number
  /** All of the request came. */
  requestDone: boolean
  /** Behind the request's body. */
  requestTrailers: readonly TrailerField[] = []
  bytesReceived = 0
  bytesSent = 0
  replyStatus = 0
  replyHeadBytes = 0
  /** Told by a reply's trailers or head; of a gRPC call. */
  #grpcStatus: string | undefined
  /** When the upstream's reply head came, monotonic. */
  upstreamHeadMs: number | undefined
  lastActivityMs: number
  transportFailure: string | undefined
  /** The try whose reply is passed through, or the latest one. */
  attempt: UpstreamTry | undefined
  readonly #run: CallRun
  readonly #body: BodyKeeper | undefined
  #phase: 'deciding' | 'trying' | 'waiting' | 'passing' | 'over' = 'deciding'
  #wait: Timer | undefined
  #deadline: Timer | undefined
  #deadlineMs: number | undefined
  #staleRetried = false
  /** The caller still waits for 100. */
  #continue: boolean

  constructor(sink: ReplySink, chain: HttpChain, request: RequestHead) {
    const { context, peer } = sink.downstream
    this.sink = sink
    this.chain = chain
    this.request = request
    this.requestHeadBytes = request.length
    this.context = context
    const hasBody = request.framing === 'chunked' || (request.framing === 'length' && request.contentLength > 0)
    this.requestDone = !hasBody
    this.#continue = request.expectContinue
    this.#body = hasBody ? new BodyKeeper(context.limits.replayBytes) : undefined
    this.call = newCall({ env: context.env, plan: chain.plan, peer, request, hasBody })
    this.lastActivityMs = this.call.startMs
    this.#run = startCall(chain.stages, this.call)
  }

  /** Until the upstream's reply head came. */
  get upstreamMs(): number | undefined {
    return this.upstreamHeadMs === undefined ? undefined : this.upstreamHeadMs - this.call.startMs
  }

  /** `grpc-status` of a gRPC call, empty where the reply had none that gRPC knows. */
  get grpcStatus(): string | undefined {
    if (!isGrpc(this.request)) return undefined
    return isGrpcStatus(this.#grpcStatus) ? this.#grpcStatus : ''
  }

  get over(): boolean {
    return this.#phase === 'over'
  }

  begin(): void {
    this.#act(this.#run.begin())
  }

  onRequestBody(lent: Uint8Array): void {
    this.bytesReceived += lent.length
    this.lastActivityMs = this.context.io.timers.now()
    this.#continue = false
    const body = this.#body
    if (body === undefined || this.#phase === 'over') return
    const sent = this.attempt?.sendBody(lent) ?? false
    if (!body.add(lent, sent) && this.call.bodyReplayable) this.#giveUpReplay()
    if (!sent && body.bytes >= this.context.limits.pendingBodyBytes) this.sink.pauseRequest()
  }

  onRequestEnd(trailers: readonly TrailerField[]): void {
    if (this.requestDone) return
    this.requestDone = true
    this.requestTrailers = passable(trailers)
    this.attempt?.endBody()
  }

  /** The client left before the reply was complete. */
  onClientGone(details = 'downstream_remote_disconnect'): void {
    if (this.#phase === 'over') return
    if (this.call.flags.length === 0) this.flag('DC')
    if (this.#phase !== 'passing') this.call.details = details
    this.#finish()
  }

  /** The rest of the request is no HTTP. */
  onMalformed(refusal: Refusal): void {
    if (this.#phase === 'over') return
    if (this.#phase === 'passing') {
      this.flag('DPE')
      this.#breakOff(refusal.details)
    } else this.#act(this.#run.answer({ flag: 'DPE', ...refusal, close: true }))
  }

  /** Neither side moved for too long. */
  onIdle(): void {
    if (this.#phase === 'passing') {
      this.flag('SI')
      this.#breakOff('stream_idle_timeout')
    } else this.#act(this.#run.answer({ status: 504, flag: 'SI', details: 'stream_idle_timeout', body: 'stream timeout', close: true }))
  }

  /** The client may take more of the reply. */
  onClientDrain(): void {
    this.attempt?.resume()
  }

  /** What the try must send before new bytes of the body. */
  get keptBody(): readonly Uint8Array[] {
    return this.#body?.chunks ?? []
  }

  /** The try has sent its head and what was kept. */
  onSent(): void {
    if (this.#body === undefined) return
    if (this.#continue) this.sink.sendContinue()
    this.#continue = false
    this.#body.sent()
    if (!this.#body.whole) this.#giveUpReplay()
    this.sink.resumeRequest()
  }

  /** A 1xx head of the upstream; 100 was answered here. */
  onInterim(reply: ReplyHead): void {
    if (reply.status !== 100 && this.request.minor === 1 && this.#phase === 'trying') this.sink.sendInterim(reply)
  }

  onReplyHead(attempt: UpstreamTry, reply: ReplyHead): void {
    if (attempt !== this.attempt || this.#phase !== 'trying') return
    this.upstreamHeadMs = this.context.io.timers.now()
    this.lastActivityMs = this.upstreamHeadMs
    this.#act(this.#run.onReplyHead(reply))
  }

  onReplyBody(attempt: UpstreamTry, lent: Uint8Array): void {
    if (attempt !== this.attempt || this.#phase !== 'passing') return
    this.bytesSent += lent.length
    this.lastActivityMs = this.context.io.timers.now()
    this.sink.sendBody(lent)
  }

  onReplyEnd(attempt: UpstreamTry, trailers: readonly TrailerField[]): void {
    if (attempt !== this.attempt || this.#phase !== 'passing') return
    this.#grpcStatus = trailers.find(([name]) => name === 'grpc-status')?.[1] ?? this.#grpcStatus
    this.sink.endReply(passable(trailers))
    this.#finish()
  }

  /** The try failed; before its reply head, or in the middle of its body. */
  onTryFailed(attempt: UpstreamTry, error: MeshError): void {
    if (attempt !== this.attempt) return
    this.transportFailure = error.cause instanceof Error ? error.cause.message : error.flag === 'UF' ? error.message : undefined
    if (this.#phase === 'passing') {
      if (error.flag !== undefined) this.flag(error.flag)
      return this.#breakOff(error.code.replace('_before_response_started', '_after_response_started'))
    }
    if (this.#phase !== 'trying') return
    if (this.#isStale(attempt, error)) return this.#sendAgain()
    this.#act(this.#run.onFailure(error))
  }

  /** An upgraded connection ended. */
  onTunnelEnd(end: { readonly flag: ResponseFlag | undefined; readonly received: number; readonly sent: number }): void {
    if (end.flag !== undefined) this.flag(end.flag)
    this.bytesReceived += end.received
    this.bytesSent += end.sent
    this.#finish()
  }

  flag(flag: ResponseFlag): void {
    if (!this.call.flags.includes(flag)) this.call.flags.push(flag)
  }

  #act(action: Action): void {
    switch (action.kind) {
      case 'send':
        this.#send({ reuse: true })
        break
      case 'wait':
        this.#pause(action.ms)
        break
      case 'reply':
        return this.#replyLocally(action.reply)
      case 'pass':
        this.#pass()
        break
    }
    this.#armDeadline()
  }

  #send({ reuse }: { readonly reuse: boolean }): void {
    this.attempt?.abandon()
    this.#phase = 'trying'
    const attempt = new UpstreamTry(this, reuse)
    this.attempt = attempt
    attempt.begin()
  }

  #pause(ms: number): void {
    this.attempt?.abandon()
    this.attempt = undefined
    this.#phase = 'waiting'
    this.#wait = this.context.io.timers.arm(ms, () => {
      this.#wait = undefined
      if (this.#phase === 'waiting') this.#act(this.#run.resume())
    })
  }

  #pass(): void {
    const { attempt } = this
    const reply = attempt?.reply
    if (attempt === undefined || reply === undefined) throw new Error('a reply was let through that never came')
    this.#phase = 'passing'
    this.replyStatus = reply.status
    this.#grpcStatus = reply.header('grpc-status')
    this.sink.sendHead(reply)
    if (reply.status !== 101) return
    // A tunnel has no end that a deadline could expect.
    this.call.deadlineMs = undefined
    startTunnel(this, attempt)
  }

  #replyLocally(made: LocalReply): void {
    const reply = replyFor(this.request, made)
    this.attempt?.abandon()
    this.replyStatus = reply.status
    this.bytesSent = Buffer.byteLength(reply.body)
    this.#grpcStatus = reply.headers?.find(([name]) => name === 'grpc-status')?.[1]
    this.#phase = 'passing'
    this.sink.sendLocal(reply)
    this.#finish()
  }

  #breakOff(details: string): void {
    this.call.details = details
    this.sink.breakOff()
    this.#finish()
  }

  /**
   * A kept connection that its server closed as we used it: the request was never seen, as its server says, or as far as its method lets us
   * assume that.
   */
  #isStale(attempt: UpstreamTry, error: MeshError): boolean {
    if (this.#staleRetried || !this.call.bodyReplayable) return false
    return attempt.dismissed || (attempt.stale && error.flag === 'UC' && SAFE_AGAIN.has(this.request.method))
  }

  #sendAgain(): void {
    this.#staleRetried = true
    this.context.counters.upstreamStale++
    this.#send({ reuse: false })
  }

  #giveUpReplay(): void {
    if (!this.call.bodyReplayable) return
    this.call.bodyReplayable = false
    this.#body?.drop()
    this.context.counters.replayOverflow++
  }

  #armDeadline(): void {
    const at = this.#run.deadlineMs
    if (at === this.#deadlineMs) return
    this.#deadlineMs = at
    this.#deadline?.cancel()
    this.#deadline = undefined
    if (at === undefined) return
    const { timers } = this.context.io
    this.#deadline = timers.arm(Math.max(0, at - timers.now()), () => this.#onDeadline())
  }

  #onDeadline(): void {
    this.#deadline = undefined
    this.#deadlineMs = undefined
    if (this.#phase === 'over') return
    if (this.#phase === 'passing') {
      this.flag('UT')
      return this.#breakOff('response_timeout')
    }
    if (this.#phase === 'trying') this.attempt?.timedOut()
    this.#act(this.#run.onDeadline())
  }

  #finish(): void {
    if (this.#phase === 'over') return
    this.#phase = 'over'
    this.#wait?.cancel()
    this.#deadline?.cancel()
    this.attempt?.close()
    this.#run.finish()
    this.context.observer.call(this)
    this.sink.done(this)
  }
}

/** Methods that RFC 9110 §9.2.2 calls idempotent. */
const SAFE_AGAIN: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE'])
