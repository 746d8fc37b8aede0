import type { Target } from '../target.ts'
import { CONFIG } from './config.ts'
import { H1 } from './h1.ts'
import { H2 } from './h2.ts'
import { PROTOBUF } from './protobuf.ts'
import { SNIFF } from './sniff.ts'

/** Everything that parses what others wrote. */
export const TARGETS: readonly Target[] = [...H1, ...H2, ...SNIFF, ...CONFIG, ...PROTOBUF]
