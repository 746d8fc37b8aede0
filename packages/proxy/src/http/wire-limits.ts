import { H1_LIMITS, type H1Limits } from '@mesh/wire'
import { LIMITS } from '../limits.ts'

/** Bounds of the messages that this proxy takes. */
export const WIRE_LIMITS: H1Limits = { ...H1_LIMITS, maxHeadBytes: LIMITS.headBytes, maxHeaders: LIMITS.headerCount }
