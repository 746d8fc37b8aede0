import type { NodeSelf } from '@mesh/core/view'
import { MAX_STREAMS_PER_NODE } from '../limits.ts'
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

  get members(): ReadonlySet<Member> {
    return this.#members
  }

  hasRoomFor(node: NodeSelf): boolean {
    return (this.#byNode.get(keyOf(node)) ?? 0) < MAX_STREAMS_PER_NODE
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

  #count(node: NodeSelf, change: number): void {
    const count = (this.#byNode.get(keyOf(node)) ?? 0) + change
    if (count === 0) this.#byNode.delete(keyOf(node))
    else this.#byNode.set(keyOf(node), count)
  }
}

function keyOf({ namespace, name }: NodeSelf): string {
  return `${namespace}/${name}`
}
