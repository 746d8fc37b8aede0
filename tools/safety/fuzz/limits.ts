/** An input larger than this is cut. */
export const MAX_INPUT_BYTES = 16_384
/** Inputs that took a new way, kept for further changes. */
export const MAX_POOL = 1500
/** No input may take longer. */
export const MAX_INPUT_MS = 5000
/** Failures of one target that are written down. */
export const MAX_FAILURES = 5
