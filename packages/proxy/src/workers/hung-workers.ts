import type { Logger } from '@mesh/telemetry'
import { LIMITS } from '../limits.ts'
import { HangWatch } from './hang-watch.ts'
import type { Member } from './member.ts'
import { giveUp, type Vitals } from './vitals.ts'

export interface HungWorkersOptions {
  readonly workers: number
  readonly vitals: Vitals
  readonly log: Logger
  /** How long the loop of a worker may stand still. */
  readonly hungMs: number
  /** Who has the place of a worker; undefined: nobody now. */
  readonly memberOf: (worker: number) => Member | undefined
  /** What it has is for the others from now on. */
  readonly cutOff: (worker: number) => void
  /** No worker turns its loop any more, and none can be ended by force. */
  readonly onAllHung: () => void
}

/** The workers whose loops do not turn: each is found, told and given up. */
export class HungWorkers {
  readonly #options: HungWorkersOptions
  readonly #watch: HangWatch
  readonly #looks: NodeJS.Timeout
  readonly #hung = new Set<number>()
  /** Those of them that live until they end by themselves. */
  readonly #staying = new Set<number>()
  /** How many there were. */
  count = 0

  constructor(options: HungWorkersOptions) {
    this.#options = options
    this.#watch = new HangWatch(options.vitals, Math.ceil(options.hungMs / LIMITS.memoryLookMs))
    this.#looks = setInterval(() => this.#look(), LIMITS.memoryLookMs)
  }

  has(worker: number): boolean {
    return this.#hung.has(worker)
  }

  /** It is no more. */
  forget(worker: number): void {
    this.#hung.delete(worker)
    this.#staying.delete(worker)
    this.#watch.forget(worker)
  }

  stop(): void {
    clearInterval(this.#looks)
  }

  #look(): void {
    for (let worker = 0; worker < this.#options.workers; worker++) {
      const member = this.#options.memberOf(worker)
      if (member !== undefined && !this.has(worker) && this.#watch.look(worker)) void this.#giveUp(worker, member)
    }
  }

  /** Where it cannot be ended by force, it gets no more connections, and is replaced once it ends by itself. */
  async #giveUp(worker: number, member: Member): Promise<void> {
    const { vitals, log, memberOf, cutOff, workers, onAllHung } = this.#options
    this.#hung.add(worker)
    this.count++
    const at = await member.stack()
    if (memberOf(worker) !== member) return
    const ends = member.giveUp()
    giveUp(vitals, worker)
    cutOff(worker)
    log.error({ worker, at }, ends ? ENDS : STAYS)
    if (!ends && this.#staying.add(worker).size === workers) onAllHung()
  }
}

const ENDS = 'a worker hangs: its calls are lost, and it is ended'
const STAYS = 'a worker hangs: it gets no more connections, its calls hang with it, and it is replaced once it ends'
