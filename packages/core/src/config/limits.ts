/** Bounds on what one configuration source may hold; past them it is refused with a finding, never cut short in silence. */
export const CONFIG_LIMITS = {
  /** Of one file, in UTF-16 units. Reading takes a time that grows with the text alone: one to two seconds for each MiB. */
  maxSourceChars: 4 * 1024 * 1024,
  maxDocumentsPerSource: 20_000,
  /** Values of one document, those behind aliases counted each time. */
  maxNodesPerDocument: 200_000,
  /** Nesting of maps and lists in one object. */
  maxDepth: 64,
  /** Nesting of tokens: a document is read no further than this, and nothing walks deeper. */
  maxTokenDepth: 256,
  /** Findings told of one document; the last one says how many more there are. */
  maxFindingsPerDocument: 50,
  /** Of a name or pattern of a policy that becomes part of a regular expression. */
  maxNamePatternChars: 400,
  /** Of a path template of a policy, which becomes one. */
  maxPathTemplateChars: 480,
  /** Proxies in front of a gateway that may be trusted. */
  maxTrustedProxies: 32,
  /** Of a text that is quoted in a finding. */
  maxQuotedChars: 80,
} as const
