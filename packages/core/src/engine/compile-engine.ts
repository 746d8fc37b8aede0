import type { Cluster, Endpoint } from '../view/cluster.ts'
import type { HttpFilterChain } from '../view/listener.ts'
import type { RouteTable } from '../view/route.ts'
import type { View } from '../view/view.ts'
import { compileAuthorizer } from './authz/authorizer.ts'
import type { AuthorizedFilter, Authorizer, ClusterState, Engine } from './engine.ts'
import { readyEndpoints } from './ready-endpoints.ts'
import { compileTable, type CompiledTable } from './route/route-matcher.ts'
import { same } from './same.ts'

/** An engine whose tables can tell how they decided. */
export interface CompiledEngine extends Engine {
  table(routes: HttpFilterChain['routes']): CompiledTable | undefined
}

/**
 * Compiles a view. What is equal to a part of `previous` is taken over from it, identity included,
 * so that state kept beside a cluster or a table outlives a change elsewhere.
 */
export function compileEngine(view: View, previous?: Engine): CompiledEngine {
  return new ViewEngine(view, previous instanceof ViewEngine ? previous : undefined)
}

class ViewEngine implements CompiledEngine {
  readonly view: View
  readonly #tables: Map<string, CompiledTable>
  readonly #clusters: Map<string, ClusterState>
  readonly #inline = new WeakMap<RouteTable, CompiledTable>()
  readonly #authorizers = new WeakMap<AuthorizedFilter, Authorizer>()

  constructor(view: View, previous: ViewEngine | undefined) {
    const tables = previous === undefined ? undefined : previous.#tables
    const clusters = previous === undefined ? undefined : previous.#clusters
    this.view = view
    this.#tables = new Map(view.routes.map((table) => [table.name, shareTable(table, tables?.get(table.name))]))
    const endpoints = new Map(view.endpoints.map((entry) => [entry.cluster, entry.endpoints]))
    this.#clusters = new Map(
      view.clusters.map((cluster) => [cluster.name, shareCluster(cluster, endpoints.get(cluster.name), clusters?.get(cluster.name))]),
    )
  }

  table(routes: HttpFilterChain['routes']): CompiledTable | undefined {
    if (routes.kind === 'rds') return this.#tables.get(routes.name)
    let compiled = this.#inline.get(routes.table)
    if (compiled === undefined) this.#inline.set(routes.table, (compiled = compileTable(routes.table)))
    return compiled
  }

  authorizer(filter: AuthorizedFilter): Authorizer {
    let compiled = this.#authorizers.get(filter)
    if (compiled === undefined) {
      compiled = compileAuthorizer(filter.authz, filter.kind === 'http' ? filter : undefined)
      this.#authorizers.set(filter, compiled)
    }
    return compiled
  }

  cluster(name: string): ClusterState | undefined {
    return this.#clusters.get(name)
  }
}

function shareTable(table: RouteTable, previous: CompiledTable | undefined): CompiledTable {
  return previous !== undefined && same(previous.table, table) ? previous : compileTable(table)
}

function shareCluster(cluster: Cluster, lane: readonly Endpoint[] | undefined, previous: ClusterState | undefined): ClusterState {
  const endpoints = readyEndpoints(cluster, lane)
  if (previous === undefined || !same(previous.cluster, cluster)) return { cluster, endpoints: reuse(endpoints, previous?.endpoints) }
  return same(previous.endpoints, endpoints) ? previous : { cluster: previous.cluster, endpoints: reuse(endpoints, previous.endpoints) }
}

/** Keeps the identity of endpoints that did not change. */
function reuse(endpoints: readonly Endpoint[], previous: readonly Endpoint[] | undefined): readonly Endpoint[] {
  if (previous === undefined || previous.length === 0) return endpoints
  const known = new Map(previous.map((endpoint) => [placeOf(endpoint), endpoint]))
  return endpoints.map((endpoint) => {
    const old = known.get(placeOf(endpoint))
    return old !== undefined && same(old, endpoint) ? old : endpoint
  })
}

function placeOf(endpoint: Endpoint): string {
  return `${endpoint.address} ${endpoint.port}`
}
