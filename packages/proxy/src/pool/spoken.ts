import type { Cluster } from '@mesh/core/view'

/** What the connections of one pool speak. */
export type Spoken = Exclude<Cluster['protocol'], 'downstream'>

/** What a call is sent in: what its cluster says, else what it came in. */
export function spokenFor({ protocol }: Cluster, call: { readonly h2: boolean }): Spoken {
  if (protocol !== 'downstream') return protocol
  return call.h2 ? 'h2' : 'http/1.1'
}

/** All that may be spoken to a cluster. */
export function spokenTo({ protocol }: Cluster): readonly Spoken[] {
  return protocol === 'downstream' ? ['http/1.1', 'h2'] : [protocol]
}
