import type { MessagePort } from 'node:worker_threads'
import { troubleText } from '@mesh/core/call'
import type { OutlierPlan } from '@mesh/core/outlier'
import { fastIo } from '@mesh/io/fast'
import { portableIo } from '@mesh/io/portable'
import { createRecordPart, type Logger, type RecordPart } from '@mesh/telemetry'
import type { DataPlane } from '../data-plane.ts'
import { troubleFields } from '../node-host.ts'
import { createNodePlane, nodeLog } from '../node-plane.ts'
import { openSinksTo, type ProcessSinks } from '../observe/sinks.ts'
import { SharedLevel } from '../overload/level.ts'
import { hostNumbers } from '../pool/host-numbers.ts'
import { openBell, type BellRope } from './bell.ts'
import { createLineRelay } from './line-relay.ts'
import { connectionShare } from './connection-share.ts'
import type { Answers, FromWorker, Permit, Question, ToWorker, WorkerReport, WorkerStart } from './messages.ts'
import { startPulse } from './pulse.ts'
import { SharedClusters } from './shared-clusters.ts'
import { sharedIo } from './shared-io.ts'
import { createSvidInbox } from './svid-inbox.ts'

/** The life of a worker: a data plane that does what the messages of its process's main thread say, until one of them says that it ends. */
export function runWorker(start: WorkerStart, port: MessagePort): void {
  new WorkerRun(start, port).begin()
}

type Sinks = Omit<ProcessSinks, 'records'>

class WorkerRun {
  readonly #start: WorkerStart
  readonly #port: MessagePort
  readonly #log: Logger
  readonly #svids = createSvidInbox()
  readonly #records: RecordPart
  readonly #permits = new Map<number, (permit: Permit) => void>()
  readonly #clusters: SharedClusters
  readonly #bell: BellRope
  readonly #sinks: Sinks
  readonly #plane: DataPlane
  #outliers: OutlierPlan = new Map()
  #asked = 0
  #listenersDue = false

  constructor(start: WorkerStart, port: MessagePort) {
    const { worker, workers, settings, bell } = start
    this.#start = start
    this.#port = port
    this.#log = nodeLog({ node: settings.node, logLevel: start.logLevel }).child({ worker })
    this.#records = createRecordPart(workers)
    this.#bell = openBell({ name: bell, onRing: (word, slot) => this.#clusters.ring(this.#plane.pools, word, slot) })
    this.#clusters = new SharedClusters(start.counts, worker, this.#bell)
    this.#sinks = this.#openSinks()
    this.#plane = this.#openPlane()
  }

  begin(): void {
    process.on('uncaughtException', (error) => {
      this.#log.fatal({ err: error }, 'uncaught')
      this.#leave()
    })
    this.#plane.listeners.watch(() => this.#tellListenersSoon())
    this.#port.on('message', (message: ToWorker) => this.#hear(message))
    this.#send({ kind: 'started' })
  }

  #openSinks(): Sinks {
    const log = this.#log
    const relay = createLineRelay((text, lines) => this.#send({ kind: 'lines', text, lines }))
    return openSinksTo(
      {
        engine: () => this.#plane.engine,
        onProblem: (message) => log.warn({ message }, 'spans'),
        onTrouble: (trouble, leftOut) => log.warn(troubleFields(trouble, leftOut), troubleText(trouble)),
      },
      {
        log: relay,
        keep: (record) => this.#records.add({ seq: Number(Atomics.add(this.#start.sequence, 0, 1n)) + 1, record }),
      },
    )
  }

  #openPlane(): DataPlane {
    const { settings, plug, worker, workers, vitals } = this.#start
    const overload = new SharedLevel(vitals.level)
    const log = this.#log
    const onFault = (error: unknown): void => log.error({ err: error }, 'internal fault')
    const io = plug === 'fast' ? fastIo({ onFault, inWorker: true }) : portableIo({ onFault })
    startPulse({ timers: io.timers, vitals, worker, overload, onGivenUp: () => this.#leave('it hung for too long, and is back') })
    return createNodePlane({
      settings,
      log,
      io: sharedIo(io, {
        permit: (address, at) => this.#permit(address, at),
        released: (address, at) => this.#send({ kind: 'released', address, port: at }),
      }),
      source: settings.identity === null ? undefined : this.#svids,
      sinks: this.#sinks,
      onFault,
      limits: connectionShare(workers),
      overload,
      countsOf: (cluster) => this.#clusters.countsOf(cluster),
      outliers: { memory: this.#start.outliers, plan: () => this.#outliers },
      turnsOf: (cluster) => this.#clusters.turnsOf(cluster),
    })
  }

  #hear(message: ToWorker): void {
    switch (message.kind) {
      case 'question':
        return void this.#answer(message.id, message.question)
      case 'permit':
        this.#permits.get(message.id)?.(message.permit)
        return void this.#permits.delete(message.id)
      case 'svid':
        return this.#svids.put(message.svid)
      case 'log-level':
        this.#log.level = message.level
        return
      case 'end':
        return void this.#end()
    }
  }

  async #answer(id: number, question: Question): Promise<void> {
    this.#send({ kind: 'answer', id, answer: await this.#answerTo(question) })
  }

  async #answerTo(question: Question): Promise<Answers[keyof Answers]> {
    switch (question.kind) {
      case 'view': {
        this.#clusters.know(question.slots)
        this.#outliers = question.outliers
        const refused = await this.#plane.apply(question.view)
        this.#tellListeners()
        return refused
      }
      case 'report':
        return this.#report()
      case 'records':
        return this.#records.answer(question.query, question.before)
      case 'drain':
        await this.#plane.drain(question.gently)
        return null
    }
  }

  #report(): WorkerReport {
    const { counters, pools } = this.#plane
    return { counters, hosts: hostNumbers(pools), lost: this.#sinks.lost(), harvest: this.#sinks.metrics.harvest() }
  }

  #permit(address: string, port: number): Promise<Permit> {
    const id = ++this.#asked
    return new Promise((resolve) => {
      this.#permits.set(id, resolve)
      this.#send({ kind: 'listen', id, address, port })
    })
  }

  /** Of several changes in a row the last state. */
  #tellListenersSoon(): void {
    if (this.#listenersDue) return
    this.#listenersDue = true
    setImmediate(() => this.#tellListeners())
  }

  #tellListeners(): void {
    this.#listenersDue = false
    const { ready, listeners } = this.#plane
    const bound = listeners.bound.flatMap(({ plan, socket }) =>
      socket === undefined
        ? []
        : [{ listener: plan.listener.name, address: socket.address, port: socket.port, descriptor: socket.descriptor }],
    )
    this.#send({ kind: 'listeners', state: { ready, bound, unbound: listeners.unbound } })
  }

  async #end(): Promise<void> {
    this.#plane.close()
    await this.#sinks.close()
    this.#lastWords()
    process.exit(0)
  }

  /** Something is wrong with it: another one shall take its place. */
  #leave(why?: string): void {
    if (why !== undefined) this.#log.error(why)
    this.#lastWords()
    process.exit(1)
  }

  #lastWords(): void {
    this.#bell.close()
    this.#send({ kind: 'last-words', report: this.#report(), records: this.#records.all() })
  }

  #send(message: FromWorker): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origin
    this.#port.postMessage(message)
  }
}
