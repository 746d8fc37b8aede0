/** Bounds of the engine: what a view may ask of it. */
export const LIMITS = {
  /** Parts of a header's lists that a policy looks at one by one; a DENY policy takes a longer one for a match. */
  headerParts: 256,
  /** Nesting of permissions and principals. */
  authzDepth: 32,
} as const
