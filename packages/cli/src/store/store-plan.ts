import type { FileChange } from './write-files.ts'

/** `apply` takes objects as they come, `create` new ones only, `replace` those only that are there. */
export type PutVerb = 'apply' | 'create' | 'replace'

/** What becomes of an object. */
export interface ObjectOutcome {
  readonly key: string
  readonly outcome: 'created' | 'configured' | 'unchanged' | 'replaced' | 'deleted'
}

/** What is to be done to the files of a store; nothing where `changes` is empty. */
export interface StorePlan {
  readonly changes: readonly FileChange[]
  readonly outcomes: readonly ObjectOutcome[]
  /** Why nothing is to be changed; a sentence each. */
  readonly problems: readonly string[]
  /** What one should know all the same. */
  readonly notes: readonly string[]
}
