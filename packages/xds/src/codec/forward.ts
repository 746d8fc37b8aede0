import type { JsonValue } from '@mesh/rpc/protobuf'
import type { Forward, Rewrite, WeightedCluster } from '@mesh/core/view'
import type { RouteAction, RouteActionSchema, WeightedCluster_ClusterWeight } from '@mesh/rpc/gen/envoy/config/route/v3/route_components_pb'
import type { Init } from './init.ts'
import { decodeMs, encodeMs } from './duration.ts'
import { decodeHeaderOps, encodeHeaderOps } from './header-ops.ts'
import { asList, encodeOrigin, originIn } from './metadata.ts'
import { refuse } from './refusal.ts'
import { checkRegex } from './regex.ts'
import { decodeRetry, encodeRetry } from './retry.ts'

/** The weight of a plain `cluster`, which names none. */
const WHOLE = 100
/** Envoy's default of `RouteAction.timeout`. */
const DEFAULT_TIMEOUT_MS = 15_000

/** Envoy's `RouteAction`; origins of its clusters go into the route's metadata, see `forwardOrigins`. */
export function encodeForward(forward: Forward, timeoutMs: number): Init<typeof RouteActionSchema> {
  return {
    clusterSpecifier: encodeClusters(forward.clusters),
    timeout: encodeMs(timeoutMs),
    ...(forward.rewrite === undefined ? {} : encodeRewrite(forward.rewrite)),
    ...(forward.retry === undefined ? {} : { retryPolicy: encodeRetry(forward.retry) }),
  }
}

export function decodeForward(action: RouteAction, origins: JsonValue | undefined): Forward {
  const rewrite = decodeRewrite(action)
  if (rewrite?.regex !== undefined) checkRegex(rewrite.regex.pattern, 'the rewrite')
  return {
    kind: 'forward',
    clusters: decodeClusters(action).map((cluster, index) => ({ ...cluster, ...originIn(asList(origins)[index]) })),
    ...(rewrite === undefined ? {} : { rewrite }),
    ...(action.retryPolicy === undefined ? {} : { retry: decodeRetry(action.retryPolicy) }),
  }
}

/** 0 is Envoy's "no timeout". */
export function decodeTimeout(action: RouteAction): number {
  return action.timeout === undefined ? DEFAULT_TIMEOUT_MS : decodeMs(action.timeout)
}

/** One entry per cluster, null where it has no origin; undefined when none has. */
export function forwardOrigins(clusters: readonly WeightedCluster[]): JsonValue | undefined {
  if (clusters.every((cluster) => cluster.origin === undefined)) return undefined
  return clusters.map((cluster) => (cluster.origin === undefined ? null : encodeOrigin(cluster.origin)))
}

function encodeClusters(clusters: readonly WeightedCluster[]): NonNullable<Init<typeof RouteActionSchema>['clusterSpecifier']> {
  const [only] = clusters
  if (clusters.length === 1 && only !== undefined && isPlain(only)) return { case: 'cluster', value: only.cluster }
  return {
    case: 'weightedClusters',
    value: { clusters: clusters.map((cluster) => ({ name: cluster.cluster, weight: cluster.weight, ...encodeHeaderOps(cluster) })) },
  }
}

function isPlain(cluster: WeightedCluster): boolean {
  return cluster.weight === WHOLE && cluster.requestHeaders === undefined && cluster.responseHeaders === undefined
}

function decodeClusters({ clusterSpecifier }: RouteAction): WeightedCluster[] {
  if (clusterSpecifier.case === 'cluster') return [{ cluster: clusterSpecifier.value, weight: WHOLE }]
  if (clusterSpecifier.case === 'weightedClusters') return clusterSpecifier.value.clusters.map(decodeWeighted)
  refuse('a route action without a cluster')
}

function decodeWeighted(cluster: WeightedCluster_ClusterWeight): WeightedCluster {
  return { cluster: cluster.name, weight: cluster.weight ?? 0, ...decodeHeaderOps(cluster) }
}

function encodeRewrite({ prefix, regex, authority }: Rewrite): Init<typeof RouteActionSchema> {
  return {
    ...(prefix === undefined ? {} : { prefixRewrite: prefix }),
    ...(regex === undefined ? {} : { regexRewrite: { pattern: { regex: regex.pattern }, substitution: regex.substitution } }),
    ...(authority === undefined ? {} : { hostRewriteSpecifier: { case: 'hostRewriteLiteral', value: authority } }),
  }
}

function decodeRewrite({ prefixRewrite, regexRewrite, hostRewriteSpecifier }: RouteAction): Rewrite | undefined {
  const rewrite = {
    ...(prefixRewrite === '' ? {} : { prefix: prefixRewrite }),
    ...(regexRewrite === undefined
      ? {}
      : {
          regex: { pattern: regexRewrite.pattern?.regex ?? refuse('a rewrite without a pattern'), substitution: regexRewrite.substitution },
        }),
    ...(hostRewriteSpecifier.case === undefined ? {} : { authority: hostRewriteSpecifier.value }),
  }
  return Object.keys(rewrite).length === 0 ? undefined : rewrite
}
