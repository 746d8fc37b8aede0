import type { Cluster } from '@mesh/core/view'

/** What the connections of one pool speak; `auto` is what each of them agrees on. */
export type Spoken = Exclude<Cluster['protocol'], 'downstream'>

/** What a call is sent in: what its cluster says, else what it came in. One that will have its connection to itself (`upgrade`) is agreed upon by nobody. */
export function spokenFor({ protocol }: Cluster, call: { readonly h2: boolean; readonly upgrade: boolean }): Spoken {
  if (protocol === 'auto' && call.upgrade) return 'http/1.1'
  if (protocol !== 'downstream') return protocol
  return call.h2 ? 'h2' : 'http/1.1'
}

/** All that may be spoken to a cluster. */
export function spokenTo({ protocol }: Cluster): readonly Spoken[] {
  if (protocol === 'downstream') return ['http/1.1', 'h2']
  return protocol === 'auto' ? ['auto', 'http/1.1'] : [protocol]
}
