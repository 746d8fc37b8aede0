import { EXTERNAL_PROBE, PROBE_START_PERIOD_MS, PROXY_REASON_PERIOD_MS } from '../limits.ts'
import { plainText } from '../../output/terminal-safe.ts'
import type { PlannedWorkload } from '../plan.ts'
import { check } from '../probe/check.ts'
import { watchProbe, type ProbeWatch } from '../probe/watch.ts'
import { accepts, answers, read, until } from '../ready.ts'

/** Why a replica takes no traffic. */
export type Hindrance =
  /** Its application has ended, or was not started yet. */
  | 'down'
  /** Its application does not listen yet, or has not passed its probe yet. */
  | 'starting'
  /** Its application does not pass its probe any more. */
  | 'probe'
  /** Its sidecar does not run or has no configuration yet. */
  | 'proxy'
  /** It is being restarted or removed. */
  | 'leaving'

export interface ReplicaHealthOptions {
  readonly replica: PlannedWorkload
  /** Told at each change of what hinders it; `failure` is what its probe says. */
  readonly onChange: (health: ReplicaHealth) => void
}

/** Whether one replica can take traffic: told of its processes, it asks its application and its sidecar itself. */
export class ReplicaHealth {
  #replica: PlannedWorkload
  readonly #hindrances: Set<Hindrance>
  readonly #onChange: (health: ReplicaHealth) => void
  #watch: ProbeWatch | undefined
  #failure: string | undefined
  #proxyFailure: string | undefined
  /** Counts starts, so that an answer to an earlier one means nothing. */
  #appStart = 0
  #proxyStart = 0
  #closed = false
  /** Monotonic. */
  #explainedMs = 0

  constructor({ replica, onChange }: ReplicaHealthOptions) {
    this.#replica = replica
    this.#onChange = onChange
    this.#hindrances = new Set()
    if (replica.app !== null) this.#hindrances.add('down')
    if (replica.proxy !== null) this.#hindrances.add('proxy')
    if (replica.app?.command === null) this.appStarted()
  }

  get replica(): PlannedWorkload {
    return this.#replica
  }

  /** How its application is asked from its next start on. */
  set replica(replica: PlannedWorkload) {
    this.#replica = replica
  }

  get ready(): boolean {
    return this.#hindrances.size === 0
  }

  get hindrances(): readonly Hindrance[] {
    return [...this.#hindrances]
  }

  /** What the last check of its application said against it. */
  get failure(): string | undefined {
    return this.#hindrances.has('probe') ? this.#failure : this.#hindrances.has('starting') ? this.#watch?.failure : undefined
  }

  /** Why its proxy, which runs, cannot be ready as things are: `127.0.0.1:8080 is taken`. */
  get proxyFailure(): string | undefined {
    return this.#proxyFailure
  }

  appStarted(): void {
    if (this.#closed) return
    const start = ++this.#appStart
    this.#watch?.stop()
    this.#watch = undefined
    const { app } = this.replica
    const listen = app?.listen
    if (app === null || listen === null || listen === undefined) return this.#clear('down')
    this.#change('down', 'starting')
    const probe = app.probe ?? (app.command === null ? EXTERNAL_PROBE : undefined)
    if (probe === undefined) {
      void this.#whenever(
        () => accepts(listen.host, listen.port),
        () => start === this.#appStart,
        () => this.#clear('starting'),
      )
      return
    }
    this.#watch = watchProbe({
      probe,
      check: () => check(probe, listen),
      onChange: (failure) => this.#probed(failure),
      startPeriodMs: PROBE_START_PERIOD_MS,
    })
  }

  appEnded(): void {
    this.#appStart++
    this.#watch?.stop()
    this.#watch = undefined
    for (const one of ['starting', 'probe'] as const) this.#hindrances.delete(one)
    this.hinder('down')
  }

  proxyStarted(): void {
    if (this.#closed) return
    const start = ++this.#proxyStart
    const { proxy, address } = this.replica
    if (proxy === null) return
    const url = `http://${address}:${proxy.health}/healthz/ready`
    const same = (): boolean => start === this.#proxyStart
    this.#explainedMs = performance.now()
    const explain = (): Promise<void> => this.#explainProxy(`http://${address}:${proxy.admin}/ready`, same)
    void this.#whenever(
      async () => (await answers(url)) || (await explain().then(() => false)),
      same,
      () => this.#proxyReady(),
    )
  }

  proxyEnded(): void {
    this.#proxyStart++
    this.#proxyFailure = undefined
    this.hinder('proxy')
  }

  hinder(by: Hindrance): void {
    if (this.#hindrances.has(by)) return
    this.#hindrances.add(by)
    this.#onChange(this)
  }

  /** What was hindered by hand is so no more. */
  release(): void {
    this.#clear('leaving')
  }

  /** Nothing is asked or told any more. */
  close(): void {
    this.#closed = true
    this.#appStart++
    this.#proxyStart++
    this.#watch?.stop()
  }

  #proxyReady(): void {
    this.#proxyFailure = undefined
    this.#clear('proxy')
  }

  /** What the proxy itself says against it, asked now and then. */
  async #explainProxy(url: string, same: () => boolean): Promise<void> {
    if (performance.now() - this.#explainedMs < PROXY_REASON_PERIOD_MS) return
    this.#explainedMs = performance.now()
    const [, ...reasons] = ((await read(url))?.body ?? '').trim().split('\n')
    const failure = reasons.length === 0 ? undefined : plainText(reasons.join('; '))
    if (!same() || failure === this.#proxyFailure) return
    this.#proxyFailure = failure
    this.#onChange(this)
  }

  #probed(failure: string | undefined): void {
    this.#failure = failure
    this.#hindrances.delete('starting')
    if (failure === undefined) this.#hindrances.delete('probe')
    else this.#hindrances.add('probe')
    this.#onChange(this)
  }

  #clear(one: Hindrance): void {
    if (this.#hindrances.delete(one)) this.#onChange(this)
  }

  #change(from: Hindrance, to: Hindrance): void {
    this.#hindrances.delete(from)
    this.#hindrances.add(to)
    this.#onChange(this)
  }

  /** Asks until the fact holds, as long as nobody starts or ends the process anew. */
  async #whenever(holds: () => Promise<boolean>, same: () => boolean, then: () => void): Promise<void> {
    await until(async () => !same() || (await holds()), new AbortController().signal)
    if (same()) then()
  }
}
