import type { TrafficPolicyBody } from '../bodies.ts'

/** The parts of a traffic policy that shape a cluster. */
export type PolicyParts = Pick<TrafficPolicyBody, 'loadBalancer' | 'connectionPool' | 'outlierDetection' | 'tls' | 'retryBudget'>

/** The policy of one port: settings for that port replace the whole of it and inherit nothing, but for the retry budget that only the whole has. */
export function policyForPort(policy: TrafficPolicyBody | undefined, port: number): PolicyParts {
  if (policy === undefined) return {}
  return portSettings(policy, port) ?? parts(policy)
}

/** The policy of a subset over that of its host, part by part; its own settings for the port replace both. */
export function policyForSubset(base: PolicyParts, subset: TrafficPolicyBody | undefined, port: number): PolicyParts {
  if (subset === undefined) return base
  return { ...parts({ retryBudget: base.retryBudget }), ...(portSettings(subset, port) ?? { ...base, ...parts(subset) }) }
}

function portSettings(policy: TrafficPolicyBody, port: number): PolicyParts | undefined {
  const found = policy.portLevelSettings?.find((settings) => settings.port?.number === port)
  if (found === undefined) return undefined
  return { ...parts(found), ...parts({ retryBudget: policy.retryBudget }) }
}

/** Only the parts that are said, so that spreading them keeps the others. */
function parts(policy: { readonly [Name in keyof PolicyParts]: PolicyParts[Name] | undefined }): PolicyParts {
  const { loadBalancer, connectionPool, outlierDetection, tls, retryBudget } = policy
  return {
    ...(loadBalancer === undefined ? {} : { loadBalancer }),
    ...(connectionPool === undefined ? {} : { connectionPool }),
    ...(outlierDetection === undefined ? {} : { outlierDetection }),
    ...(tls === undefined ? {} : { tls }),
    ...(retryBudget === undefined ? {} : { retryBudget }),
  }
}
