import type { PlannedWorkload } from '../../plan.ts'
import type { Fleet } from '../fleet.ts'

/** A fleet on paper, which writes down what is done to it. */
export class PaperFleet implements Fleet {
  readonly done: string[] = []
  /** Names of replicas whose application does not get ready any more once it is started. */
  readonly broken = new Set<string>()
  /** Names of proxies that do not take up what changes. */
  late: readonly string[] = []
  /** Names of replicas that take no traffic though they run. */
  readonly sick = new Set<string>()
  /** How many replicas there can be at most. */
  room = Infinity
  /** Told of each replica that is added. */
  onAdd: () => void = () => undefined
  #replicas: PlannedWorkload[] = []
  readonly #held = new Set<string>()

  constructor(workload: string, count: number, more: Partial<PlannedWorkload> = {}) {
    for (let index = 0; index < count; index++) this.#replicas.push(replica(workload, index, more))
  }

  get serving(): readonly string[] {
    return this.#replicas.filter((one) => this.isReady(one)).map(({ name }) => name)
  }

  replicasOf(workload: string): readonly PlannedWorkload[] {
    return this.#replicas.filter((one) => one.workload === workload)
  }

  async hold(replicas: readonly PlannedWorkload[]): Promise<readonly string[]> {
    for (const { name } of replicas) this.#held.add(name)
    return this.#served()
  }

  async release(replicas: readonly PlannedWorkload[]): Promise<readonly string[]> {
    for (const { name } of replicas) this.#held.delete(name)
    return this.#served()
  }

  isReady({ name }: PlannedWorkload): boolean {
    return !this.#held.has(name) && !this.sick.has(name)
  }

  async untilReady({ name }: PlannedWorkload, signal: AbortSignal): Promise<boolean> {
    if (this.broken.has(name)) this.sick.add(name)
    return !signal.aborted && !this.broken.has(name)
  }

  hindrance({ name }: PlannedWorkload): string {
    return `${name} is broken`
  }

  async untilDrained({ name }: PlannedWorkload): Promise<boolean> {
    this.done.push(`drain ${name}`)
    return true
  }

  async stopApp({ name }: PlannedWorkload): Promise<void> {
    this.done.push(`stop ${name}`)
  }

  startApp({ name }: PlannedWorkload): void {
    this.done.push(`start ${name}`)
  }

  async stopProxy({ name }: PlannedWorkload): Promise<void> {
    this.done.push(`stop proxy ${name}`)
  }

  async startProxy({ name }: PlannedWorkload): Promise<void> {
    this.done.push(`start proxy ${name}`)
  }

  /** Set by a test where there is such a way. */
  replaceProxy: Fleet['replaceProxy'] = undefined

  adopt(workload: string): void {
    this.done.push(`adopt ${workload}`)
  }

  async add(workload: string): Promise<PlannedWorkload> {
    if (this.#replicas.length >= this.room) throw new Error('no room')
    const added = replica(workload, this.#replicas.length)
    this.#replicas.push(added)
    this.#held.add(added.name)
    this.done.push(`add ${added.name}`)
    this.onAdd()
    return added
  }

  async remove({ name }: PlannedWorkload): Promise<void> {
    this.#replicas = this.#replicas.filter((one) => one.name !== name)
    this.done.push(`remove ${name}`)
  }

  #served(): readonly string[] {
    this.done.push(`serving ${this.serving.join(' ') || 'nobody'}`)
    return this.late
  }
}

function replica(workload: string, index: number, more: Partial<PlannedWorkload> = {}): PlannedWorkload {
  const name = `${workload}-${index}`
  const app = { command: 'run', env: {}, servicePort: 80, listen: { host: '127.0.0.1', port: 1 }, probe: null }
  const proxy = { admin: 15000, outbound: 15001, health: 15021, metrics: 15090 }
  return { kind: 'sidecar', name, workload, address: '127.0.0.1', app, proxy, ...more } as PlannedWorkload
}
