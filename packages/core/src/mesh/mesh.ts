import type { ConfigSource } from '../config/load.ts'
import type { Finding } from '../config/finding.ts'
import type { ChainPlan } from '../call/call.ts'
import type { StageList } from '../call/stage-list.ts'
import type { Explanation } from '../explain/question.ts'
import type { Outliers } from '../outlier/outliers.ts'
import type { View } from '../view/view.ts'

/** A mesh inside one process: what its configuration means for the calls of that process. */
export interface Mesh {
  /** What there is to say about the configuration. */
  readonly findings: readonly Finding[]
  /** What this process may know of the mesh. */
  readonly view: View
  /** The request path of its outgoing calls; replaced as one reference when the configuration changes. */
  readonly outbound: OutboundPath
  readonly closed: boolean
  /** What would happen to a request, and why. */
  explain(request: ExplainRequest | string): Explanation
  /** Takes new configuration; broken objects keep their last good form. */
  update(config: MeshConfigInput): void
  /** Calls that begin afterwards are refused. */
  close(): void
}

/** YAML texts, with a file name where findings should tell one. */
export type MeshConfigInput = readonly (string | ConfigSource)[]

export interface MeshOptions {
  readonly config: MeshConfigInput
  readonly self: MeshSelf
}

/** Who this process is in the mesh. */
export interface MeshSelf {
  readonly namespace: string
  readonly labels?: Readonly<Record<string, string>>
  /** Default: `embedded`. */
  readonly name?: string
  /** Default: `default`. */
  readonly serviceAccount?: string
  /** IP literal under which rules about addresses see it; default: `127.0.0.1`. */
  readonly address?: string
}

export interface OutboundPath {
  readonly plan: ChainPlan
  readonly stages: StageList
  /** Which endpoints are ejected; the same when the configuration changes. */
  readonly outliers: Outliers
}

export interface ExplainRequest {
  /** Absolute. */
  readonly url: string
  /** Default: `GET`. */
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
}
