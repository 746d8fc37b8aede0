import { Child, type ChildEvent, type ChildSpec } from './child.ts'
import { removeFolders, writeWhole } from './files.ts'
import { Guard } from './guard.ts'
import { START_TIMEOUT_MS, STOP_GRACE_MS } from './limits.ts'
import type { PlannedWorkload } from './plan.ts'
import { appSpec, planeSpec, proxySpec, type Launch } from './processes.ts'
import { accepts, answers, until } from './ready.ts'
import { workloadEntry } from './registry.ts'
import { appProcess, proxyProcess, runFile, type RunFile } from './run-file.ts'

export interface SupervisorOptions {
  readonly launch: Launch
  readonly block: string
  /** RFC 3339. */
  readonly startedAt: string
  /** Takes one line for the person at the terminal. */
  readonly say: (line: string) => void
}

/** Starts the processes of a mesh in order, keeps them running, and ends them in the opposite order. */
export class Supervisor {
  readonly #options: SupervisorOptions
  readonly #children = new Map<string, Child>()
  readonly #guard: Guard
  readonly #starting = new AbortController()
  #state: RunFile['state'] = 'starting'
  #stopped: Promise<void> | undefined
  #runFileDue: NodeJS.Immediate | undefined

  constructor(options: SupervisorOptions) {
    this.#options = options
    this.#guard = new Guard(options.launch.env)
  }

  /** Resolves with the names of the processes that are not ready in time: none when all is well. */
  async start(): Promise<readonly string[]> {
    const { plan } = this.#options.launch
    const timeout = setTimeout(() => this.#starting.abort(), START_TIMEOUT_MS)
    this.#writeRunFile()
    const applications = plan.workloads.map((workload) => this.#startApplication(workload))
    const telemetry =
      plan.telemetry === null ? [] : [this.#startPlane('telemetry', `http://${plan.telemetry.address}:${plan.telemetry.port}/ready`)]
    const planes = await this.#startPlanes()
    const proxies = planes.some((missing) => missing !== undefined) ? [] : plan.workloads.map((workload) => this.#startProxy(workload))
    const missing = await Promise.all([...planes, ...telemetry, ...applications, ...proxies])
    clearTimeout(timeout)
    if (this.#state === 'starting') this.#enter('ready')
    return missing.filter((name) => name !== undefined)
  }

  /** Ends everything: gateways, then sidecars, then applications, then planes. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop()
    return this.#stopped
  }

  async #stop(): Promise<void> {
    this.#enter('stopping')
    this.#starting.abort()
    for (const names of this.#stopOrder()) await Promise.all(names.map((name) => this.#children.get(name)?.stop(STOP_GRACE_MS)))
    await this.#guard.close()
    removeFolders(`${this.#options.launch.plan.folders.root}/run.json`)
  }

  /** The planes on which proxies depend, each after the one it needs itself. */
  async #startPlanes(): Promise<readonly (string | undefined)[]> {
    const { ca, pilot } = this.#options.launch.plan
    const missing = ca === null ? undefined : await this.#startPlane('ca', `http://${ca.address}:${ca.monitoringPort}/ready`)
    if (missing !== undefined) return [missing]
    return [await this.#startPlane('pilot', `http://${pilot.address}:${pilot.monitoringPort}/ready`)]
  }

  async #startPlane(name: 'ca' | 'pilot' | 'telemetry', readyUrl: string): Promise<string | undefined> {
    this.#run(planeSpec(this.#options.launch, name))
    return (await until(() => answers(readyUrl), this.#starting.signal)) ? undefined : name
  }

  async #startProxy(workload: PlannedWorkload): Promise<string | undefined> {
    const { proxy, address, name } = workload
    if (proxy === null) return undefined
    this.#run(proxySpec(this.#options.launch, workload))
    const ready = await until(() => answers(`http://${address}:${proxy.health}/healthz/ready`), this.#starting.signal)
    return ready ? undefined : proxyProcess(name)
  }

  async #startApplication(workload: PlannedWorkload): Promise<string | undefined> {
    const spec = appSpec(this.#options.launch, workload)
    const listen = workload.app?.listen
    if (spec === undefined) return undefined
    this.#run(spec, workload)
    if (listen === undefined || listen === null) return undefined
    return (await until(() => accepts(listen.host, listen.port), this.#starting.signal)) ? undefined : spec.name
  }

  #run(spec: ChildSpec, application?: PlannedWorkload): void {
    if (this.#state === 'stopping') return
    const child = new Child(spec, (event) => this.#onEvent(spec.name, event, application))
    this.#children.set(spec.name, child)
    child.start()
  }

  #onEvent(name: string, event: ChildEvent, application: PlannedWorkload | undefined): void {
    if (event.kind === 'started') {
      this.#guard.add(event.pid)
      if (application !== undefined) this.#whenBack(application, event.pid)
    } else {
      if (event.kind === 'ended') this.#guard.remove(event.pid)
      const how = event.kind === 'ended' ? `ended ${event.reason}` : `could not be started (${event.reason})`
      this.#options.say(`${name} ${how}; starting it again in ${event.againMs / 1000} s (${this.#children.get(name)?.spec.stderr ?? ''})`)
      if (application !== undefined && this.#state === 'ready') this.#register(application, false)
    }
    this.#writeRunFileSoon()
  }

  /** An application that had ended takes traffic again as soon as it listens. */
  #whenBack(workload: PlannedWorkload, pid: number): void {
    const listen = workload.app?.listen
    if (this.#state !== 'ready') return
    const same = (): boolean => this.#children.get(appProcess(workload.name))?.pid === pid && this.#state === 'ready'
    void until(
      async () => !same() || listen === undefined || listen === null || (await accepts(listen.host, listen.port)),
      new AbortController().signal,
    ).then(() => {
      if (same()) this.#register(workload, true)
    })
  }

  #register(workload: PlannedWorkload, ready: boolean): void {
    writeWhole(`${this.#options.launch.plan.folders.registry}/${workload.name}.yaml`, workloadEntry(workload, ready))
  }

  #stopOrder(): readonly (readonly string[])[] {
    const { workloads } = this.#options.launch.plan
    const proxiesOf = (kind: PlannedWorkload['kind']): readonly string[] =>
      workloads.filter((one) => one.kind === kind).map((one) => proxyProcess(one.name))
    return [proxiesOf('gateway'), proxiesOf('sidecar'), workloads.map((one) => appProcess(one.name)), ['pilot', 'telemetry', 'ca']]
  }

  #enter(state: RunFile['state']): void {
    this.#state = state
    this.#writeRunFile()
  }

  /** Once for all changes of one moment: many processes start together. */
  #writeRunFileSoon(): void {
    this.#runFileDue ??= setImmediate(() => {
      if (this.#state !== 'stopping') this.#writeRunFile()
    })
  }

  #writeRunFile(): void {
    clearImmediate(this.#runFileDue)
    this.#runFileDue = undefined
    const { launch, block, startedAt } = this.#options
    const pidOf = (name: string): number => this.#children.get(name)?.pid ?? 0
    const file = runFile({ plan: launch.plan, state: this.#state, startedAt, block, pidOf })
    writeWhole(`${launch.plan.folders.root}/run.json`, `${JSON.stringify(file, undefined, 2)}\n`)
  }
}
