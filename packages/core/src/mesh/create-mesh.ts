import { compileStages } from '../call/stage-list.ts'
import { standardStages } from '../call/standard.ts'
import { compileView } from '../compile/compile-view.ts'
import { nodesOf } from '../compile/nodes.ts'
import type { ConfigSource } from '../config/load.ts'
import type { Finding } from '../config/finding.ts'
import { compileEngine, type CompiledEngine } from '../engine/compile-engine.ts'
import { explain } from '../explain/explain.ts'
import type { Explanation } from '../explain/question.ts'
import { Outliers } from '../outlier/outliers.ts'
import { OutlierSlots } from '../outlier/slots.ts'
import { buildSnapshot } from '../snapshot/build-snapshot.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import type { Endpoint } from '../view/cluster.ts'
import type { HttpFilterChain, Listener } from '../view/listener.ts'
import type { NodeSelf } from '../view/node.ts'
import type { View } from '../view/view.ts'
import type { ExplainRequest, Mesh, MeshConfigInput, MeshOptions, MeshSelf, OutboundPath } from './mesh.ts'

/** Makes a mesh of YAML texts, without a control plane. Bad YAML gives findings, never a throw; a `config` that is no list of texts is a TypeError. */
export function createMesh({ config, self }: MeshOptions): Mesh {
  return new EmbeddedMesh(config, self)
}

class EmbeddedMesh implements Mesh {
  readonly #self: MeshSelf
  readonly #slots = new OutlierSlots()
  readonly #outliers = new Outliers(() => undefined)
  #state: State
  #closed = false

  constructor(config: MeshConfigInput, self: MeshSelf) {
    this.#self = self
    this.#state = this.#stateOf(config, undefined)
  }

  get findings(): readonly Finding[] {
    return this.#state.findings
  }

  get view(): View {
    return this.#state.engine.view
  }

  get outbound(): OutboundPath {
    return this.#state.outbound
  }

  get closed(): boolean {
    return this.#closed
  }

  explain(request: ExplainRequest | string): Explanation {
    const { url, method = 'GET', headers = {} } = typeof request === 'string' ? { url: request } : request
    const { engine, node } = this.#state
    return explain({
      engine,
      self: node,
      method,
      url,
      headers: Object.entries(headers),
      ejected: (cluster, endpoint) => this.#outliers.isEjected(cluster, endpoint),
      destination: (endpoint) => this.#enginesAt(endpoint),
    })
  }

  update(config: MeshConfigInput): void {
    this.#state = this.#stateOf(config, this.#state)
  }

  close(): void {
    this.#closed = true
  }

  #stateOf(config: MeshConfigInput, before: State | undefined): State {
    const state = stateOf(config, { self: this.#self, outliers: this.#outliers, before })
    const { view } = state.engine
    this.#outliers.follow(view, this.#slots.assign(view), this.#slots.memory)
    return state
  }

  /** What the proxy in front of an endpoint would know; made when it is asked for. */
  #enginesAt(endpoint: Endpoint): CompiledEngine | undefined {
    const { snapshot, destinations } = this.#state
    let engine = destinations.get(endpoint.address)
    if (engine !== undefined) return engine
    const node = nodesOf(snapshot).find(({ address }) => address === endpoint.address)
    if (node === undefined) return undefined
    engine = compileEngine(compileView(snapshot, node))
    destinations.set(endpoint.address, engine)
    return engine
  }
}

interface State {
  readonly snapshot: Snapshot
  readonly node: NodeSelf
  readonly engine: CompiledEngine
  readonly findings: readonly Finding[]
  readonly outbound: OutboundPath
  /** By address. */
  readonly destinations: Map<string, CompiledEngine>
}

function stateOf(
  config: MeshConfigInput,
  { self, outliers, before }: { readonly self: MeshSelf; readonly outliers: Outliers; readonly before: State | undefined },
): State {
  const sources = sourcesOf(config)
  const snapshot = buildSnapshot({ sources, ...(before === undefined ? {} : { previous: before.snapshot }) })
  const node = nodeOf(self)
  const findings: Finding[] = [...snapshot.findings]
  const engine = compileEngine(
    compileView(snapshot, node, (finding) => findings.push(finding)),
    before?.engine,
  )
  return { snapshot, node, engine, findings, outbound: { ...outboundOf(engine), outliers }, destinations: new Map() }
}

/** Callers need not be typed, so what they hand over is looked at. */
function sourcesOf(config: unknown): readonly ConfigSource[] {
  if (!Array.isArray(config)) throw new TypeError('`config` must be a list of YAML texts, or of `{ file, text }`.')
  return Array.from(config, (part: unknown, index) => {
    if (typeof part === 'string') return { file: `config[${index}]`, text: part }
    if (isSource(part)) return part
    throw new TypeError(`\`config[${index}]\` must be YAML text, or \`{ file, text }\` with both as text.`)
  })
}

function isSource(part: unknown): part is ConfigSource {
  if (typeof part !== 'object' || part === null) return false
  const { file, text } = part as Partial<Record<keyof ConfigSource, unknown>>
  return typeof file === 'string' && typeof text === 'string'
}

function nodeOf({ namespace, labels = {}, name = 'embedded', serviceAccount = 'default', address = '127.0.0.1' }: MeshSelf): NodeSelf {
  return {
    kind: 'sidecar',
    name,
    namespace,
    serviceAccount,
    workload: labels['app'] ?? name,
    labels,
    address,
    cluster: 'Kubernetes',
    trustDomain: 'cluster.local',
    identity: false,
    capture: 'none',
  }
}

function outboundOf(engine: CompiledEngine): Omit<OutboundPath, 'outliers'> {
  const { listener, filter } = forwardProxyOf(engine.view)
  const plan = { engine, listener, filter, routes: engine.table(filter.routes), authorizer: engine.authorizer(filter) }
  return { plan, stages: compileStages(standardStages(plan)) }
}

function forwardProxyOf({ listeners }: View): { readonly listener: Listener; readonly filter: HttpFilterChain } {
  for (const listener of listeners) {
    for (const { filter } of listener.chains) if (filter.kind === 'http' && filter.forwardProxy) return { listener, filter }
  }
  throw new Error('a view of a sidecar has no forward proxy')
}
