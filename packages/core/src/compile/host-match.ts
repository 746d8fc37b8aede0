/** Whether a host lies within a pattern: the same name, `*.example.com`, `*-x.example.com`, or `*`. A pattern may be the host of a wildcard itself. */
export function hostWithin(host: string, pattern: string): boolean {
  if (!pattern.startsWith('*')) return host === pattern
  const suffix = pattern.slice(1)
  return host.startsWith('*') ? host.slice(1).endsWith(suffix) : host.endsWith(suffix) && host.length > suffix.length
}

/** What two patterns have in common, the narrower of them; undefined when they do not meet. */
export function narrowerHost(left: string, right: string): string | undefined {
  if (hostWithin(left, right)) return left
  return hostWithin(right, left) ? right : undefined
}

/** Order of patterns by how much they say: exact names first, then longer wildcards. */
export function compareSpecificity(left: string, right: string): number {
  const wild = Number(left.startsWith('*')) - Number(right.startsWith('*'))
  return wild !== 0 ? wild : right.length - left.length
}
