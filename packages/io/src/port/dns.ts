/** Upstream names, with TTL and last good answers. */
export interface Resolver {
  /**
   * Keeps a name resolved and calls `onChange` with its addresses whenever they change, first as soon as they are known.
   * A failing lookup keeps the last good answer; `onError` tells of it.
   */
  watch(name: string, options: ResolveOptions): NameWatch
}

export interface ResolveOptions {
  /** Asked again after the answer's TTL, but not before this. */
  readonly minRefreshMs: number
  readonly onChange: (addresses: readonly string[]) => void
  readonly onError?: (message: string) => void
}

export interface NameWatch {
  /** Current addresses, IP literals; undefined until the first answer. */
  readonly addresses: readonly string[] | undefined
  stop(): void
}
