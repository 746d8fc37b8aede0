import type { HeaderOps } from '../../view/route.ts'
import type { HeaderOpsBody } from '../bodies.ts'
import { compareText } from '../order.ts'

/** Istio `Headers.HeaderOperations`; undefined when it does nothing. */
export function headerOps(body: HeaderOpsBody | undefined, without: ReadonlySet<string> = NONE): HeaderOps | undefined {
  const keep = (name: string): boolean => !without.has(name)
  const set = pairs(body?.set).filter(([name]) => keep(name))
  const add = pairs(body?.add).filter(([name]) => keep(name))
  const remove = (body?.remove ?? []).map((name) => name.toLowerCase())
  return set.length + add.length + remove.length === 0 ? undefined : { set, add, remove }
}

/** The authority that header operations ask for: `host` and `:authority` are rewritten, never set as headers. */
export function authorityIn(body: HeaderOpsBody | undefined): string | undefined {
  return pairs(body?.set).find(([name]) => AUTHORITY.has(name))?.[1]
}

export const AUTHORITY: ReadonlySet<string> = new Set(['host', ':authority'])
const NONE: ReadonlySet<string> = new Set()

function pairs(record: Readonly<Record<string, string>> | undefined): readonly (readonly [string, string])[] {
  return Object.entries(record ?? {})
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .sort(([left], [right]) => compareText(left, right))
}
