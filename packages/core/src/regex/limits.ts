/**
 * Bounds on regular expressions. Each runs in linear time, but the factor is the size of its program, and `{n,m}` multiplies it:
 * eleven characters can be four thousand instructions. Sizes are counted by `regexSize`, before anything is compiled.
 */
export const REGEX_LIMITS = {
  /** Characters of one expression (Istio's limit). */
  patternChars: 1024,
  /**
   * Size of one expression: any of permitted length passes that repeats nothing by number; `[a-z0-9]{1,63}` is 127, `.{0,512}` is 1025.
   * Envoy's own default is 100 (`re2.max_program_size.error_level`), counted more coarsely, and Istio lifts it to 32768.
   */
  patternSize: 1_250,
  /** Sizes of all expressions of one object together. */
  objectSize: 20_000,
  /** Sizes of all expressions of one route table, or of one chain's policies, together. */
  setSize: 100_000,
  /**
   * Work of one decision (one walk through a route table, one judgement by the policies of a chain, one rewrite): for each character
   * that an expression reads, the places in its program where it may stand. A step took 10 to 30 ns where this was measured, so that
   * the worst request (a header of 60 KiB, or a short one for a thousand expressions) costs about 0.1 s; a usual one has some hundred
   * steps. A request that needs more is refused, never half judged.
   */
  decisionSteps: 4_000_000,
  /** Characters of a text in which matches were replaced: a request head holds no more. */
  replacedChars: 60 * 1024,
  /** Answers are kept for texts up to this length while a decision runs, so that the same question costs one match. */
  keptTextChars: 2_048,
  /** What a program may remember of its states: cells of a fixed part, and more by its size. One cell is 8 bytes. */
  stateCells: 8_192,
  stateCellsPerSize: 64,
} as const
