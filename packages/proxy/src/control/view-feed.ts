import type { SvidSource } from '@mesh/core/identity'
import type { View } from '@mesh/core/view'
import type { NodePlane } from '../node-plane.ts'

/** Where the views of a proxy come from: a control plane, or files. */
export interface ViewFeed {
  /** What can be in force before anybody is asked. */
  readonly initial: View | undefined
  /** From now on each new view is put in force. */
  follow(to: FeedTarget): FeedLink
}

export interface FeedTarget {
  readonly plane: NodePlane
  /** Undefined: this process has no certificate of the mesh. */
  readonly source: SvidSource | undefined
}

export interface FeedLink {
  /** Nothing is put in force any more once it resolves. */
  close(): Promise<void>
}
