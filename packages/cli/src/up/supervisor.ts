import { existsSync } from 'node:fs'
import type { Attempt } from './attempt.ts'
import type { ChildEvent } from './child.ts'
import { Children, type ChildState } from './children.ts'
import { removeFolders, writeWhole } from './files.ts'
import type { SyncedOptions } from './fleet/synced.ts'
import { Health } from './health/health.ts'
import { SLOW_PROCESS_PATIENCE_MS, START_TIMEOUT_MS } from './limits.ts'
import { News } from './news.ts'
import { Patience } from './patience.ts'
import { ROOT_FILE, type PlannedWorkload } from './plan.ts'
import { appSpec, planeSpec, proxySpec, type Launch } from './processes.ts'
import { answers, until } from './ready.ts'
import { workloadEntry } from './registry.ts'
import { appProcess, proxyProcess, runFile, type RunFile } from './run-file.ts'

/** The processes that every workload depends on. */
export type Plane = 'ca' | 'pilot' | 'telemetry'

export interface SupervisorOptions {
  /** Its plan may be exchanged while the mesh runs. */
  readonly launch: Launch
  readonly block: string
  /** Path of the control socket. */
  readonly control: string
  /** RFC 3339. */
  readonly startedAt: string
  /** Takes one line for the person at the terminal. */
  readonly say: (line: string) => void
  /** Does what must not end the mesh when it fails. */
  readonly attempt: Attempt
  /** Told while the mesh starts of each process that is ready. */
  readonly onReady?: (process: string) => void
  /** Told while the mesh starts of each process that is awaited no longer. */
  readonly onLate?: (process: string) => void
}

/** What hinders a replica without being a matter of its application, or of its proxy. */
const NOT_OF_APP = ['proxy', 'leaving'] as const
const NOT_OF_PROXY = ['down', 'starting', 'probe', 'leaving'] as const

/** Starts the processes of a mesh in order, keeps them running, and ends them in the opposite order. */
export class Supervisor {
  readonly health: Health
  readonly #options: SupervisorOptions
  readonly #children: Children
  readonly #news: News
  readonly #starting = new AbortController()
  readonly #patience = new Patience(this.#starting.signal)
  readonly #stopping = new AbortController()
  #state: RunFile['state'] = 'starting'
  #stopped: Promise<void> | undefined
  #runFileDue: NodeJS.Immediate | undefined

  constructor(options: SupervisorOptions) {
    this.#options = options
    const register = (replica: PlannedWorkload, ready: boolean): boolean =>
      options.attempt(`The registry cannot be told of ${replica.name}`, () =>
        writeWhole(`${this.#plan.folders.registry}/${replica.name}.yaml`, workloadEntry(replica, ready)),
      )
    const onProxyFailure = (name: string): void => this.#patience.lose(proxyProcess(name))
    this.health = new Health({ register, say: options.say, onProxyFailure })
    this.#news = new News(this, options.say)
    this.#children = new Children({ env: options.launch.env, onChange: (name, event) => this.#onEvent(name, event) })
  }

  get state(): RunFile['state'] {
    return this.#state
  }

  /** Resolves with the names of the processes that are not ready, as soon as nothing else is awaited: none when all is well. */
  async start(): Promise<readonly string[]> {
    const { telemetry, workloads } = this.#plan
    const timeout = setTimeout(() => this.#starting.abort(), START_TIMEOUT_MS)
    this.#writeRunFile()
    for (const workload of workloads) this.health.add(workload)
    const begun = this.#startPlanes()
    const applications = workloads.map((workload) => this.#startApplication(workload))
    const collector = telemetry === null ? [] : [this.startPlane('telemetry', this.#patience.with('telemetry'))]
    const planes = await begun
    const proxies = planes.some((missing) => missing !== undefined) ? [] : workloads.map((workload) => this.#startProxy(workload))
    const late = await Promise.all(proxies)
    const slow = setTimeout(() => this.#patience.loseAll(), SLOW_PROCESS_PATIENCE_MS)
    const missing = [...planes, ...late, ...(await Promise.all([...collector, ...applications]))]
    for (const timer of [timeout, slow]) clearTimeout(timer)
    if (this.#state === 'starting') {
      this.health.open()
      this.#enter('ready')
    }
    return missing.filter((name) => name !== undefined)
  }

  /** Ends everything: gateways, then sidecars, then applications, then planes. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop()
    return this.#stopped
  }

  /** Starts the application of a replica, where it has one that is to be started. */
  startApp(workload: PlannedWorkload): void {
    const spec = appSpec(this.#options.launch, workload)
    const health = this.health.of(workload.name)
    if (this.#state === 'stopping') return
    if (spec === undefined) return workload.app === null ? undefined : health?.appStarted()
    this.#children.run(spec, ({ kind }) => (kind === 'started' ? health?.appStarted() : health?.appEnded()))
  }

  /** Starts the sidecar or gateway of a replica, where it is ours. */
  startProxy(workload: PlannedWorkload): void {
    if (workload.proxy === null || this.#state === 'stopping') return
    const health = this.health.of(workload.name)
    const spec = proxySpec(this.#options.launch, workload)
    this.#children.run(spec, ({ kind }) => (kind === 'started' ? health?.proxyStarted() : health?.proxyEnded()))
  }

  /** Replaces the proxy of a replica by one that takes its sockets over; answers whether that went well before `signal` aborts, else the one before stays. */
  async replaceProxy(workload: PlannedWorkload, signal: AbortSignal): Promise<boolean> {
    if (workload.proxy === null || this.#state === 'stopping') return false
    const health = this.health.of(workload.name)
    const onEvent = ({ kind }: ChildEvent): void => (kind === 'started' ? health?.proxyStarted() : health?.proxyEnded())
    const any = AbortSignal.any([signal, this.#stopping.signal])
    const done = await this.#children.succeed(proxySpec(this.#options.launch, workload), onEvent, any)
    this.changed()
    return done
  }

  /** Starts a plane and waits until it is ready; answers its name when that does not come in time. */
  async startPlane(name: Plane, signal: AbortSignal = this.#starting.signal): Promise<string | undefined> {
    if (this.#state === 'stopping') return name
    this.#children.run(planeSpec(this.#options.launch, name))
    return this.#started(name, await this.#untilPlaneReady(name, signal))
  }

  /** Waits until a process that had ended is ready again. */
  untilBack(process: string, signal: AbortSignal): Promise<boolean> {
    if (isPlane(process)) return this.#untilPlaneReady(process, signal)
    const cut = process.lastIndexOf('.')
    return this.health.untilReady(process.slice(0, cut), signal, process.endsWith('.app') ? NOT_OF_APP : NOT_OF_PROXY)
  }

  /** Waits until the sidecar of a replica is ready, where it is ours. */
  untilProxyReady({ name, proxy }: PlannedWorkload, signal: AbortSignal): Promise<boolean> {
    return proxy === null ? Promise.resolve(true) : this.health.untilReady(name, signal, NOT_OF_PROXY)
  }

  /** Signals all applications, and nothing else. */
  signalApplications(signal: NodeJS.Signals): void {
    for (const { name } of this.#plan.workloads) this.#children.signal(appProcess(name), signal)
  }

  /** Ends at once what has not ended yet. */
  hurry(): void {
    this.#children.kill()
  }

  /** Ends a process, so that it is not started again. */
  async end(process: string): Promise<void> {
    await this.#children.end(process)
    this.changed()
  }

  /** Base of pilot's monitoring pages, and the proxies that have been ready and did not end since, as NAME.NAMESPACE. */
  get synced(): Omit<SyncedOptions, 'signal'> {
    const isUp = (name: string): boolean => this.health.of(name)?.hindrances.includes('proxy') === false
    const proxies = (): readonly string[] =>
      this.#plan.workloads.filter(({ name, proxy }) => proxy !== null && isUp(name)).map(({ name, namespace }) => `${name}.${namespace}`)
    return { monitoring: this.#planeUrl('pilot'), proxies }
  }

  processState(process: string): ChildState | undefined {
    return this.#children.get(process)
  }

  /** The plan or a process changed: the run file is written anew, once for all changes of one moment. */
  changed(): void {
    this.#runFileDue ??= setImmediate(() => {
      if (this.#state !== 'stopping') this.#writeRunFile()
    })
  }

  get #plan(): Launch['plan'] {
    return this.#options.launch.plan
  }

  async #stop(): Promise<void> {
    this.#enter('stopping')
    this.#starting.abort()
    this.#stopping.abort()
    this.health.close()
    this.#children.settle()
    for (const names of this.#stopOrder()) await Promise.all(names.map((name) => this.#children.end(name)))
    await this.#children.close()
    this.#options.attempt('The run file cannot be removed', () => removeFolders(`${this.#plan.folders.root}/run.json`))
  }

  /** The planes on which proxies depend. */
  async #startPlanes(): Promise<readonly (string | undefined)[]> {
    return this.#plan.ca === null ? [await this.startPlane('pilot')] : Promise.all([this.startPlane('ca'), this.#startPilotAfterRoot()])
  }

  /** Once the authority has written its root it signs before pilot can ask. */
  async #startPilotAfterRoot(): Promise<string | undefined> {
    const root = `${this.#plan.folders.root}/${ROOT_FILE}`
    return (await until(async () => existsSync(root), this.#starting.signal)) ? this.startPlane('pilot') : 'pilot'
  }

  #planeUrl(name: Plane): string {
    const { ca, pilot, telemetry } = this.#plan
    if (name === 'telemetry') return `http://${telemetry?.address}:${telemetry?.port}`
    const { address, monitoringPort } = name === 'ca' && ca !== null ? ca : pilot
    return `http://${address}:${monitoringPort}`
  }

  async #startProxy(workload: PlannedWorkload): Promise<string | undefined> {
    if (workload.proxy === null) return undefined
    this.startProxy(workload)
    const process = proxyProcess(workload.name)
    return this.#started(process, await this.untilProxyReady(workload, this.#patience.with(process)))
  }

  /** What takes no calls makes some, and begins when its sidecar can carry them. */
  async #startApplication(workload: PlannedWorkload): Promise<string | undefined> {
    const process = appProcess(workload.name)
    if (workload.app?.listen === null) await this.untilProxyReady(workload, this.#patience.with(process))
    this.startApp(workload)
    if (workload.app === null || workload.app.command === null) return undefined
    return this.#started(process, await this.health.untilReady(workload.name, this.#patience.with(process), NOT_OF_APP))
  }

  /** Answers the name of what is not ready. */
  #started(process: string, ready: boolean): string | undefined {
    if (this.#state === 'starting') (ready ? this.#options.onReady : this.#options.onLate)?.(process)
    return ready ? undefined : process
  }

  #untilPlaneReady(name: Plane, signal: AbortSignal): Promise<boolean> {
    return until(() => answers(`${this.#planeUrl(name)}/ready`), AbortSignal.any([signal, this.#stopping.signal]))
  }

  #onEvent(name: string, event: ChildEvent): void {
    const state = this.#children.get(name)
    if (event.kind !== 'started' && state !== undefined) this.#news.ended(name, state, event.againMs)
    if (event.kind !== 'started') this.#patience.ended(name)
    this.changed()
  }

  #stopOrder(): readonly (readonly string[])[] {
    const { workloads } = this.#plan
    const proxiesOf = (kind: PlannedWorkload['kind']): readonly string[] =>
      workloads.filter((one) => one.kind === kind).map((one) => proxyProcess(one.name))
    return [proxiesOf('gateway'), proxiesOf('sidecar'), workloads.map((one) => appProcess(one.name)), ['pilot', 'telemetry', 'ca']]
  }

  #enter(state: RunFile['state']): void {
    this.#state = state
    this.#writeRunFile()
  }

  #writeRunFile(): void {
    clearImmediate(this.#runFileDue)
    this.#runFileDue = undefined
    const { block, startedAt, control } = this.#options
    const pidOf = (name: string): number => this.#children.get(name)?.pid ?? 0
    const file = runFile({ plan: this.#plan, state: this.#state, startedAt, block, control, pidOf })
    const text = `${JSON.stringify(file, undefined, 2)}\n`
    this.#options.attempt('Other terminals cannot be told of the mesh', () => writeWhole(`${this.#plan.folders.root}/run.json`, text))
  }
}

function isPlane(process: string): process is Plane {
  return process === 'pilot' || process === 'ca' || process === 'telemetry'
}
