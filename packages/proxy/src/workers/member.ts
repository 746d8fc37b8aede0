import { Worker } from 'node:worker_threads'
import { LIMITS } from '../limits.ts'
import { stackOf } from './stack-of.ts'
import type { Answers, FromWorker, Question, ToWorker, WorkerStart } from './messages.ts'

export interface MemberOptions {
  /** Anything but answers. */
  readonly onMessage: (message: Exclude<FromWorker, { kind: 'answer' }>) => void
  /** Once; `error` where it ended by one. All that it said was heard before. */
  readonly onEnd: (error: unknown) => void
  /** What it runs, where that is not the worker of this package. */
  readonly main?: URL | undefined
}

/** One worker thread, from its start to its end. */
export class Member {
  readonly #worker: Worker
  readonly #questions = new Map<number, (answer: Answers[keyof Answers] | undefined) => void>()
  readonly #ended = Promise.withResolvers<void>()
  readonly #canBeTerminated: boolean
  #asked = 0
  #over = false
  #error: unknown

  constructor(start: WorkerStart, options: MemberOptions) {
    // One that has descriptors and handles of its own open would abort the process.
    this.#canBeTerminated = start.plug === 'portable'
    this.#worker = new Worker(options.main ?? MAIN, {
      workerData: start,
      name: `worker ${start.worker}`,
      ...threadArgs(process.execArgv, FROM_SOURCE),
    })
    this.#worker.on('message', (message: FromWorker) => {
      if (message.kind === 'answer') this.#settle(message.id, message.answer)
      else options.onMessage(message)
    })
    this.#worker.on('error', (error) => (this.#error = error))
    this.#worker.on('exit', () => {
      this.#over = true
      for (const id of [...this.#questions.keys()]) this.#settle(id, undefined)
      this.#ended.resolve()
      options.onEnd(this.#error)
    })
  }

  send(message: ToWorker): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origin
    this.#worker.postMessage(message)
  }

  /** Undefined when it ended before it answered. `withinMs` Infinity: however long it takes; else it rejects. */
  async ask<Kind extends Question['kind']>(
    question: Question & { readonly kind: Kind },
    withinMs: number = LIMITS.workerAnswerMs,
  ): Promise<Answers[Kind] | undefined> {
    if (this.#over) return undefined
    const id = ++this.#asked
    const { promise, resolve } = Promise.withResolvers<Answers[keyof Answers] | undefined>()
    this.#questions.set(id, resolve)
    this.send({ kind: 'question', id, question })
    const answer = await (withinMs === Infinity ? promise : this.#within(promise, withinMs, question.kind))
    return answer as Answers[Kind] | undefined
  }

  /** Resolves when it is over, by itself or by force where that can be. */
  async end(): Promise<void> {
    if (!this.#over) this.send({ kind: 'end' })
    const late = setTimeout(() => void this.#force(), LIMITS.workerAnswerMs)
    await this.#ended.promise
    clearTimeout(late)
  }

  /** Where it is, if its loop does not turn. */
  stack(): Promise<string | undefined> {
    return stackOf(this.#worker)
  }

  /** Nobody waits for its answers any longer; true: it is ended by force, false: it lives until it ends by itself. */
  giveUp(): boolean {
    for (const id of [...this.#questions.keys()]) this.#settle(id, undefined)
    if (this.#canBeTerminated) void this.#worker.terminate()
    return this.#canBeTerminated
  }

  async #force(): Promise<void> {
    if (this.#canBeTerminated) await this.#worker.terminate()
    else this.#ended.resolve()
  }

  async #within<T>(promise: Promise<T>, ms: number, what: string): Promise<T> {
    const { promise: late, reject } = Promise.withResolvers<never>()
    const timer = setTimeout(() => reject(new Error(`A worker did not answer within ${ms} ms (${what}).`)), ms)
    try {
      return await Promise.race([promise, late])
    } finally {
      clearTimeout(timer)
    }
  }

  #settle(id: number, answer: Answers[keyof Answers] | undefined): void {
    this.#questions.get(id)?.(answer)
    this.#questions.delete(id)
  }
}

const FROM_SOURCE = import.meta.url.endsWith('.ts')
const MAIN = new URL(FROM_SOURCE ? './worker-main.ts' : './worker-main.js', import.meta.url)
const SOURCE = '--conditions=@mesh/source'

/**
 * With what a worker runs: as its process does, where nothing is said. One that runs from source has to find the sources of its packages, though its
 * process may have found them by hooks that another thread does not have; what else the process was given is for it alone, flags of V8 above all.
 */
export function threadArgs(execArgv: readonly string[], fromSource: boolean): { readonly execArgv?: string[] } {
  return fromSource && !execArgv.includes(SOURCE) ? { execArgv: [SOURCE] } : {}
}
