import { chooseWeighted } from '../../engine/choose-cluster.ts'
import { CONTINUE, type Stage } from '../stage.ts'
import { replyWith } from './reply.ts'

/** Picks the share of a split, once for all tries. */
export const destination: Stage = {
  name: 'destination',
  onHead(call) {
    const { clusters } = call.forward ?? NOWHERE
    const target = clusters.length === 1 ? clusters[0] : chooseWeighted(clusters, call.env.chance())
    call.target = target
    call.cluster = target === undefined ? undefined : call.plan.engine.cluster(target.cluster)
    if (call.cluster === undefined) return replyWith({ ...UNKNOWN, cause: target?.origin ?? call.route?.origin })
    return call.cluster.cluster.discovery.kind === 'blackhole' ? replyWith({ ...BLOCKED, cause: call.route?.origin }) : CONTINUE
  },
}

const NOWHERE = { clusters: [] }

const UNKNOWN = { status: 503, flag: 'NC', details: 'cluster_not_found', body: 'the destination of this route is not known' } as const

/** Istio's `block_all` for hosts outside the registry. */
const BLOCKED = { status: 502, flag: undefined, details: 'direct_response', body: 'this host is not in the registry of the mesh' } as const
