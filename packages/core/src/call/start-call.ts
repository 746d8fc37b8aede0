import { MeshError } from '../error/mesh-error.ts'
import { replyOf } from '../error/reply-of.ts'
import { addFlag } from './add-flag.ts'
import { causeOf } from './cause-of.ts'
import type { Call, MutableReplyHead } from './call.ts'
import type { Action, CallRun } from './run.ts'
import { signReply } from './sign-reply.ts'
import type { LocalReply, ReplyStep } from './stage.ts'
import type { StageList } from './stage-list.ts'

/** Sends a call through stages; the driver does what each action says and reports back. */
export function startCall(stages: StageList, call: Call): CallRun {
  return new StagedRun(stages, call)
}

const SEND: Action = { kind: 'send' }
const PASS: Action = { kind: 'pass' }

class StagedRun implements CallRun {
  readonly call: Call
  readonly #stages: StageList
  /** The hook that `resume` goes on with. */
  #next = 0
  /** Answered, one way or the other. */
  #settled = false
  #finished = false

  constructor(stages: StageList, call: Call) {
    this.#stages = stages
    this.call = call
  }

  get deadlineMs(): number | undefined {
    const { deadlineMs, tryDeadlineMs } = this.call
    if (this.#finished) return undefined
    if (tryDeadlineMs === undefined) return deadlineMs
    return deadlineMs === undefined ? tryDeadlineMs : Math.min(deadlineMs, tryDeadlineMs)
  }

  begin(): Action {
    return this.#forward(0)
  }

  resume(): Action {
    return this.#forward(this.#next)
  }

  onReplyHead(reply: MutableReplyHead): Action {
    const { call } = this
    call.reply = reply
    call.error = undefined
    call.tryDeadlineMs = undefined
    for (const { run, again } of this.#stages.replyHeads) {
      const action = this.#backward(run(call), again)
      if (action !== undefined) return action
    }
    this.#settled = true
    call.details = 'via_upstream'
    return PASS
  }

  onFailure(error: MeshError): Action {
    const { call } = this
    call.error = error
    call.reply = undefined
    call.tryDeadlineMs = undefined
    for (const { run, again } of this.#stages.failures) {
      const action = this.#backward(run(call, error), again)
      if (action !== undefined) return action
    }
    return this.#replyTo(error)
  }

  onDeadline(): Action {
    const { call } = this
    const now = call.env.now()
    if (call.deadlineMs === undefined || now < call.deadlineMs) {
      if (call.tryDeadlineMs !== undefined && now >= call.tryDeadlineMs && !this.#settled) return this.onFailure(perTryTimeout())
    }
    call.tryDeadlineMs = undefined
    call.deadlineMs = undefined
    call.error = timeout()
    return this.#replyTo(call.error)
  }

  answer(reply: LocalReply): Action {
    return this.#reply(reply)
  }

  finish(): void {
    if (this.#finished) return
    this.#finished = true
    for (const done of this.#stages.dones) done(this.call)
  }

  #forward(from: number): Action {
    const { call } = this
    const { heads } = this.#stages
    for (let index = from; index < heads.length; index++) {
      const step = (heads[index] as (typeof heads)[number])(call)
      if (step.kind === 'continue') continue
      if (step.kind === 'reply') return this.#reply(step.reply)
      this.#next = index + 1
      return step
    }
    call.attempts++
    return SEND
  }

  /** What a step on the way back means; undefined: go on with the stage before. */
  #backward(step: ReplyStep, again: number): Action | undefined {
    if (step.kind === 'continue') return undefined
    if (step.kind === 'reply') return this.#reply(step.reply)
    this.#next = again
    this.call.reply = undefined
    return step.ms > 0 ? { kind: 'wait', ms: step.ms } : this.#forward(this.#next)
  }

  #replyTo(error: MeshError): Action {
    return this.#reply({ ...replyOf(error), cause: causeOf(this.call, error) })
  }

  #reply(unsigned: LocalReply): Action {
    const { call } = this
    const reply = signReply(unsigned, call.requestId)
    this.#settled = true
    call.localReply = reply
    call.details = reply.details
    call.cause = reply.cause
    if (reply.flag !== undefined) addFlag(call, reply.flag)
    return { kind: 'reply', reply }
  }
}

function timeout(): MeshError {
  return new MeshError({
    code: 'response_timeout',
    fault: 'upstream',
    flag: 'UT',
    retry: false,
    message: 'The upstream did not answer in time.',
  })
}

function perTryTimeout(): MeshError {
  return new MeshError({
    code: 'upstream_per_try_timeout',
    fault: 'upstream',
    flag: 'UT',
    retry: false,
    message: 'The upstream did not answer this try in time.',
  })
}
