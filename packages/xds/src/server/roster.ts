import type { NodeSelf } from '@mesh/core/view'
import { ARRIVAL_BURST, ARRIVALS_PER_S, MAX_REMEMBERED_NODES, MAX_STREAMS_PER_NODE } from '../limits.ts'
import { createAllowance, type Allowance } from './allowance.ts'
import type { Client } from './client.ts'

/** A stream whose node was let in. */
export interface Member {
  readonly client: Client
  /** Serves what is in force now. */
  refresh(): void
  /** Ends the stream; the client comes back. */
  dismiss(reason: string): void
}

/** All streams whose nodes were let in. */
export class Roster {
  readonly #members = new Set<Member>()
  readonly #byNode = new Map<string, number>()
  readonly #arrivals = new Map<string, Allowance>()

  get members(): ReadonlySet<Member> {
    return this.#members
  }

  /** Why one more stream of a node is one too many; undefined when it is not. */
  refusalOf(node: NodeSelf): string | undefined {
    const who = `${node.name}.${node.namespace}`
    if ((this.#byNode.get(keyOf(node)) ?? 0) >= MAX_STREAMS_PER_NODE) return `${who} has ${MAX_STREAMS_PER_NODE} streams already`
    return this.#mayArrive(keyOf(node)) ? undefined : `${who} comes back more than ${ARRIVALS_PER_S} times a second`
  }

  add(member: Member): void {
    this.#members.add(member)
    this.#count(member.client.node, 1)
  }

  /** Whether it was there. */
  delete(member: Member): boolean {
    const found = this.#members.delete(member)
    if (found) this.#count(member.client.node, -1)
    return found
  }

  /** The first view on a stream is sent whole, which costs more than all that follows; nodes that came longest ago are forgotten. */
  #mayArrive(key: string): boolean {
    const now = () => performance.now()
    const allowed = this.#arrivals.get(key) ?? createAllowance({ burst: ARRIVAL_BURST, perSecond: ARRIVALS_PER_S, now })
    this.#arrivals.delete(key)
    this.#arrivals.set(key, allowed)
    const [oldest] = this.#arrivals.keys()
    if (this.#arrivals.size > MAX_REMEMBERED_NODES && oldest !== undefined) this.#arrivals.delete(oldest)
    return allowed(1)
  }

  #count(node: NodeSelf, change: number): void {
    const count = (this.#byNode.get(keyOf(node)) ?? 0) + change
    if (count === 0) this.#byNode.delete(keyOf(node))
    else this.#byNode.set(keyOf(node), count)
  }
}

function keyOf({ namespace, name }: NodeSelf): string {
  return `${namespace}/${name}`
}
