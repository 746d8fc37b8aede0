import { randomUUID } from 'node:crypto'
import type { Svid, SvidSource } from '@mesh/core/identity'
import { OutlierSlots } from '@mesh/core/outlier'
import { EMPTY_VIEW, type View } from '@mesh/core/view'
import type { Io } from '@mesh/io'
import { createAccessLogWriter, type AccessLogWriter, type Logger, type RecordPage, type RecordQuery } from '@mesh/telemetry'
import type { NodeNumbers, NodeReport } from '../admin/node-numbers.ts'
import { followIdentity, type CurrentIdentity, type MeshIdentity } from '../identity/mesh-identity.ts'
import { LIMITS } from '../limits.ts'
import type { ListenerFailure } from '../listen/listener-set.ts'
import type { NodePlane } from '../node-plane.ts'
import { SharedLevel } from '../overload/level.ts'
import { startWatch, type RunningWatch } from '../overload/start-watch.ts'
import type { NodeSettings } from '../settings.ts'
import { openBell, type BellRope } from './bell.ts'
import { HungWorkers } from './hung-workers.ts'
import { JoinedListeners } from './joined-listeners.ts'
import { JoinedNumbers } from './joined-numbers.ts'
import { ListenPermits } from './listen-permits.ts'
import { Member } from './member.ts'
import type { FromWorker, Question, ToWorker, WorkerStart } from './messages.ts'
import { returnShare } from './shared-counts.ts'
import { sharedOutlierMemory } from './shared-outliers.ts'
import { createSlots, type SlotTable } from './slots.ts'
import { createVitals, forgetVitals, fullestHeap, type Vitals } from './vitals.ts'

export interface FleetOptions {
  readonly settings: NodeSettings
  readonly log: Logger
  /** Of this thread: it tries out where workers may listen, and proves SVIDs. */
  readonly io: Io
  readonly source: SvidSource | undefined
  readonly onFault: (error: unknown) => void
  readonly onIdentity: (current: CurrentIdentity) => void
  /** A socket that a predecessor's worker left for an address and port, each once. */
  readonly inherited?: (address: string, port: number) => number | undefined
  /** Where the access log goes; stdout when absent. */
  readonly lines?: AccessLogWriter
  /** What a worker runs; the worker of this package when absent. */
  readonly main?: URL
  /** No worker turns its loop any more, and none can be ended by force. */
  readonly onAllHung?: () => void
  /** How long the loop of a worker may stand still. */
  readonly hungMs?: number
}

/** Workers that carry the traffic of one node, seen as one data plane and one set of numbers. A worker that ends by itself is started again. */
export class Fleet implements NodePlane, NodeNumbers {
  readonly listeners: JoinedListeners
  readonly identity: MeshIdentity
  readonly #options: FleetOptions
  readonly #slots: SlotTable
  readonly #outlierMemory = sharedOutlierMemory()
  readonly #outliers = new OutlierSlots(this.#outlierMemory)
  readonly #vitals: Vitals
  readonly #watch: RunningWatch
  readonly #hung: HungWorkers
  readonly #permits: ListenPermits
  readonly #numbers = new JoinedNumbers()
  readonly #sequence = new BigInt64Array(new SharedArrayBuffer(BigInt64Array.BYTES_PER_ELEMENT))
  readonly #bellName = `mesh-proxy ${randomUUID()}`
  readonly #bell: BellRope
  readonly #lines: AccessLogWriter
  readonly #posts: Post[]
  readonly #counters = { viewUpdates: 0, viewRejections: 0, svidUpdates: 0 }
  #view: View = EMPTY_VIEW
  #question: (Question & { readonly kind: 'view' }) | undefined
  #svid: Svid | undefined
  #ready = false
  #leaving = false
  viewSinceMs = Date.now()

  constructor(options: FleetOptions) {
    const { settings, io, source, onFault } = options
    this.#options = options
    this.#slots = createSlots(settings.concurrency)
    this.#vitals = createVitals(settings.concurrency)
    this.#watch = startWatch({
      setting: settings.memoryLimit,
      timers: io.timers,
      log: options.log,
      level: new SharedLevel(this.#vitals.level),
      otherHeaps: () => fullestHeap(this.#vitals),
    })
    this.#hung = new HungWorkers({
      workers: settings.concurrency,
      vitals: this.#vitals,
      log: options.log,
      hungMs: options.hungMs ?? LIMITS.workerHungMs,
      memberOf: (worker) => (this.#leaving ? undefined : this.#posts[worker]?.member),
      cutOff: (worker) => this.#cutOff(worker),
      onAllHung: () => options.onAllHung?.(),
    })
    this.#permits = new ListenPermits(io, options.inherited)
    this.#bell = openBell({ name: this.#bellName })
    this.#lines = options.lines ?? createAccessLogWriter(STDOUT)
    this.listeners = new JoinedListeners({ view: () => this.#view, onFault })
    this.#posts = Array.from({ length: settings.concurrency }, (_, worker) => ({
      worker,
      member: undefined,
      startedMs: 0,
      failures: 0,
    }))
    this.identity = followIdentity({ io, source, onChange: (current) => this.#adopt(current), onProblem: onFault })
  }

  get engine(): { readonly view: View } {
    return { view: this.#view }
  }

  /** As of one data plane: it was once. */
  get ready(): boolean {
    return (this.#ready ||= this.#question !== undefined && this.listeners.ready(this.#posts.length))
  }

  /** Starts all workers; rejects when one does not come up. */
  async start(): Promise<void> {
    try {
      await Promise.all(this.#posts.map((post) => this.#man(post)))
    } catch (error) {
      await this.close()
      throw error
    }
    this.#options.log.info({ workers: this.#posts.length, plug: this.#options.io.plug }, 'workers serve')
  }

  async apply(view: View): Promise<readonly ListenerFailure[]> {
    const slots = this.#slots.assign(view)
    const question = { kind: 'view', view, slots, outliers: this.#outliers.assign(view) } as const
    this.#view = view
    this.#question = question
    this.#counters.viewUpdates++
    const refused = await Promise.all(this.#members.map((member) => member.ask(question, Infinity)))
    this.viewSinceMs = Date.now()
    const failures = [...new Map(refused.flatMap((some) => some ?? []).map((one) => [one.listener, one])).values()]
    this.#counters.viewRejections += failures.length
    return failures
  }

  async drain(gently = false): Promise<void> {
    this.#leaving = true
    await Promise.all(this.#members.map((member) => member.ask({ kind: 'drain', gently }, Infinity)))
  }

  async close(): Promise<void> {
    this.#leaving = true
    this.#watch.stop()
    this.#hung.stop()
    this.identity.close()
    await Promise.all(this.#posts.map(({ member }) => member?.end()))
    this.#bell.close()
    await this.#lines.close()
  }

  setLogLevel(level: string): void {
    this.#tellAll({ kind: 'log-level', level })
  }

  async report(): Promise<NodeReport> {
    await Promise.all(
      this.#posts.map(async ({ worker, member }) => {
        const report = this.#hung.has(worker) ? undefined : await member?.ask({ kind: 'report' })
        if (report !== undefined) this.#numbers.take(worker, report)
      }),
    )
    const { bound, unbound } = this.listeners
    return this.#numbers.report(
      {
        ...this.#counters,
        ...this.#watch.numbers,
        workersHung: this.#hung.count,
        listenersBound: bound.length,
        listenersWaiting: unbound.length,
        outlierEjectionsActive: this.#outliers.ejectedNow,
      },
      { lines: this.#lines.dropped, ejected: this.#outliers.ejected },
    )
  }

  async records(query: RecordQuery, startedMs: number): Promise<RecordPage> {
    const next = Number(Atomics.load(this.#sequence, 0)) + 1
    const answers = await Promise.all(this.#members.map((member) => member.ask({ kind: 'records', query, before: next })))
    return this.#numbers.page(
      answers.filter((answer) => answer !== undefined),
      { query, startedMs, next },
    )
  }

  get #members(): readonly Member[] {
    return this.#posts.flatMap(({ worker, member }) => (member === undefined || this.#hung.has(worker) ? [] : [member]))
  }

  #tellAll(message: ToWorker): void {
    for (const member of this.#members) member.send(message)
  }

  #adopt(current: CurrentIdentity): void {
    this.#counters.svidUpdates++
    this.#svid = current.svid
    this.#tellAll({ kind: 'svid', svid: current.svid })
    this.#options.onIdentity(current)
  }

  /** Resolves when the worker has heard all that there is to know; rejects when it ended before it was up. */
  async #man(post: Post): Promise<void> {
    const up = Promise.withResolvers<void>()
    const member = new Member(this.#startOf(post), {
      onMessage: (message) => (message.kind === 'started' ? up.resolve() : this.#hear(post.worker, message)),
      onEnd: (error) => {
        up.reject(error instanceof Error ? error : new Error('A worker ended as it started.'))
        if (post.member === member) this.#ended(post, error)
      },
      main: this.#options.main,
    })
    post.startedMs = performance.now()
    await up.promise
    post.member = member
    if (this.#svid !== undefined) member.send({ kind: 'svid', svid: this.#svid })
    if (this.#question !== undefined) await member.ask(this.#question, Infinity)
  }

  #startOf({ worker }: Post): WorkerStart {
    const { settings, io, log } = this.#options
    return {
      worker,
      workers: settings.concurrency,
      settings,
      plug: io.plug,
      logLevel: log.level,
      counts: this.#slots.memory,
      outliers: this.#outlierMemory,
      vitals: this.#vitals,
      sequence: this.#sequence,
      bell: this.#bellName,
    }
  }

  #hear(worker: number, message: Exclude<FromWorker, { kind: 'answer' | 'started' }>): void {
    switch (message.kind) {
      case 'listeners':
        return this.listeners.take(worker, message.state)
      case 'listen':
        return void this.#permit(worker, message)
      case 'released':
        return this.#permits.release(worker, message.address, message.port)
      case 'lines':
        return this.#lines.write(message.text, message.lines)
      case 'last-words':
        this.#numbers.take(worker, message.report)
        return this.#numbers.retire(worker, message.records, this.#clusters)
    }
  }

  async #permit(worker: number, { id, address, port }: FromWorker & { readonly kind: 'listen' }): Promise<void> {
    const permit = await this.#permits.ask(worker, address, port)
    this.#posts[worker]?.member?.send({ kind: 'permit', id, permit })
  }

  /** A worker hangs: the kernel deals it no more connections, and what it had is free for the others. */
  #cutOff(worker: number): void {
    for (const descriptor of this.listeners.descriptorsOf(worker)) this.#options.io.stopListening?.(descriptor)
    this.listeners.forget(worker)
    returnShare(this.#slots.memory, worker)
    this.#bell.tellAll()
  }

  /** What it had is free for the others at once; another one takes its place, after pauses that grow. */
  #ended(post: Post, error: unknown): void {
    const { worker } = post
    post.member = undefined
    this.#hung.forget(worker)
    returnShare(this.#slots.memory, worker)
    forgetVitals(this.#vitals, worker)
    this.#permits.forget(worker)
    // Nothing new where it had its last words.
    this.#numbers.retire(worker, [], this.#clusters)
    if (this.#leaving) return
    this.listeners.forget(worker)
    this.#bell.tellAll()
    if (performance.now() - post.startedMs > LIMITS.workerRestartMaxMs) post.failures = 0
    const afterMs = Math.min(LIMITS.workerRestartMaxMs, LIMITS.workerRestartMs * 2 ** Math.min(post.failures++, 16))
    this.#options.log.error({ worker, err: error, afterMs }, 'a worker ended: its calls are lost, another one takes its place')
    setTimeout(() => void this.#replace(post), afterMs)
  }

  async #replace(post: Post): Promise<void> {
    if (this.#leaving) return
    try {
      await this.#man(post)
      this.#options.log.info({ worker: post.worker }, 'a worker serves again')
    } catch (error) {
      if (post.member === undefined) this.#ended(post, error)
    }
  }

  get #clusters(): ReadonlySet<string> {
    return new Set(this.#view.clusters.map(({ name }) => name))
  }
}

/** The place of one worker, and who has it. */
interface Post {
  readonly worker: number
  /** Undefined: nobody, or nobody yet. */
  member: Member | undefined
  startedMs: number
  /** Ends in a row, each soon after the start. */
  failures: number
}

const STDOUT = 1
