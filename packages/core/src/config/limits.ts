/** Bounds on what one configuration source may hold; past them it is refused with a finding, never cut short in silence. */
export const CONFIG_LIMITS = {
  /** Of one file, in UTF-16 units. */
  maxSourceChars: 8 * 1024 * 1024,
  maxDocumentsPerSource: 20_000,
  /** Values of one document, those behind aliases counted each time. */
  maxNodesPerDocument: 200_000,
  /** Nesting of maps and lists in one object. */
  maxDepth: 64,
  /** Nesting of tokens: checked before anything walks them recursively. */
  maxTokenDepth: 256,
  /** Findings told of one document; the last one says how many more there are. */
  maxFindingsPerDocument: 50,
  /** Istio's bound on the length of a regular expression. */
  maxRegexChars: 1024,
  /** Of a text that is quoted in a finding. */
  maxQuotedChars: 80,
} as const
