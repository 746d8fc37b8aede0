import type { TrafficPolicyBody } from '../bodies.ts'

/** The parts of a traffic policy that shape a cluster. */
export type PolicyParts = Pick<TrafficPolicyBody, 'loadBalancer' | 'connectionPool' | 'tls'>

/** The policy of one port: settings for that port replace the whole of it and inherit nothing. */
export function policyForPort(policy: TrafficPolicyBody | undefined, port: number): PolicyParts {
  if (policy === undefined) return {}
  return portSettings(policy, port) ?? parts(policy)
}

/** The policy of a subset over that of its host, part by part; its own settings for the port replace both. */
export function policyForSubset(base: PolicyParts, subset: TrafficPolicyBody | undefined, port: number): PolicyParts {
  if (subset === undefined) return base
  return portSettings(subset, port) ?? { ...base, ...parts(subset) }
}

function portSettings(policy: TrafficPolicyBody, port: number): PolicyParts | undefined {
  const found = policy.portLevelSettings?.find((settings) => settings.port?.number === port)
  return found === undefined ? undefined : parts(found)
}

/** Only the parts that are said, so that spreading them keeps the others. */
function parts(policy: PolicyParts): PolicyParts {
  const { loadBalancer, connectionPool, tls } = policy
  return {
    ...(loadBalancer === undefined ? {} : { loadBalancer }),
    ...(connectionPool === undefined ? {} : { connectionPool }),
    ...(tls === undefined ? {} : { tls }),
  }
}
