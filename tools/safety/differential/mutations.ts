import { HEADS } from './mutate-heads.ts'
import { BODIES } from './mutate-bodies.ts'
import type { Draft } from './draft.ts'
import type { Random } from '../running/random.ts'

/** What makes a plain request odd. */
export type Mutate = (draft: Draft, random: Random) => void

/** By class and variant; both are named in the report. */
export type Mutations = Readonly<Record<string, Readonly<Record<string, Mutate>>>>

export const MUTATIONS: Mutations = { ...HEADS, ...BODIES }
