/** Bounds on what one configuration source may hold; past them the source is refused with a finding, never cut short in silence. */
export const CONFIG_LIMITS = {
  /** Of one file, in UTF-16 units. */
  maxSourceChars: 8 * 1024 * 1024,
  maxDocumentsPerSource: 10_000,
  /** Values of one document after aliases are followed. */
  maxNodesPerDocument: 200_000,
  maxDepth: 64,
  /** Of one object; past it only their number is told. */
  maxFindingsPerObject: 50,
  /** Istio's bound on the length of a regular expression. */
  maxRegexChars: 1024,
  /** Of a text quoted in a finding. */
  maxQuotedChars: 80,
} as const
