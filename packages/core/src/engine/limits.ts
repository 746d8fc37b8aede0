/** Bounds of the engine: what a view may ask of it. */
export const LIMITS = {
  /** Characters of a regular expression (Istio's limit). */
  regexLength: 1024,
  /** Nesting of permissions and principals. */
  authzDepth: 32,
} as const
