import type { Call } from '../call.ts'
import { CONTINUE, type Stage, type Step } from '../stage.ts'
import { replyWith } from './reply.ts'

/** Chooses the endpoint of this try; an `original-dst` cluster has none, there the driver goes where the caller asked. */
export const pick: Stage = {
  name: 'pick',
  onHead: pickEndpoint,
}

/** The same, and the upstream is told which try it sees. */
export const pickAndCount: Stage = {
  name: 'pick',
  onHead(call) {
    call.request.set('x-envoy-attempt-count', String(call.attempts + 1))
    return pickEndpoint(call)
  },
}

function pickEndpoint(call: Call): Step {
  const { cluster } = call
  if (cluster === undefined) return replyWith(NO_UPSTREAM)
  if (cluster.cluster.discovery.kind === 'original-dst') return CONTINUE
  const endpoint = call.env.balancer.pick(cluster, call.tried, call.forward?.retry?.avoidTriedPicks)
  if (endpoint === undefined) return replyWith({ ...NO_UPSTREAM, cause: cluster.cluster.origin })
  call.endpoint = endpoint
  call.tried.push(endpoint)
  return CONTINUE
}

const NO_UPSTREAM = { status: 503, flag: 'UH', details: 'no_healthy_upstream', body: 'no healthy upstream' } as const
