/** Finds the value of the most specific domain for an authority. */
export interface DomainTable<Value> {
  find(authority: string, scheme: string): Value | undefined
}

/**
 * Compiles domains (exact, `*.suffix`, `prefix.*`, `*`): exact beats the longest suffix, that the longest prefix, that `*`.
 * The first entry keeps a domain that is named twice.
 * A port in the authority must be that of the domain; where no domain of that host names a port, it is ignored, and the
 * scheme's own port may be left out on either side.
 */
export function compileDomains<Value>(entries: readonly (readonly [domains: readonly string[], value: Value])[]): DomainTable<Value> {
  const { exact, suffixes, prefixes, any, ...ports } = sortDomains(entries)
  return {
    find(authority, scheme) {
      const direct = exact.get(authority)
      if (direct !== undefined) return direct
      const name = authority.toLowerCase()
      const other = otherSpelling(name, scheme, ports)
      return (
        exact.get(name) ??
        (other === undefined ? undefined : exact.get(other)) ??
        bySuffix(suffixes, name) ??
        (other === undefined ? undefined : bySuffix(suffixes, other)) ??
        byPrefix(prefixes, name) ??
        any
      )
    },
  }
}

interface SortedDomains<Value> {
  readonly exact: Map<string, Value>
  readonly suffixes: Wildcard<Value>[]
  readonly prefixes: Wildcard<Value>[]
  /** Hosts of which a domain names a port, and the suffixes of such wildcards. */
  readonly ported: Set<string>
  readonly portedSuffixes: string[]
  any: Value | undefined
}

function sortDomains<Value>(entries: readonly (readonly [domains: readonly string[], value: Value])[]): SortedDomains<Value> {
  const sorted: SortedDomains<Value> = {
    exact: new Map(),
    suffixes: [],
    prefixes: [],
    ported: new Set(),
    portedSuffixes: [],
    any: undefined,
  }
  for (const [domains, value] of entries) for (const domain of domains) addDomain(sorted, domain.toLowerCase(), value)
  sorted.suffixes.sort(longestFirst)
  sorted.prefixes.sort(longestFirst)
  return sorted
}

function addDomain<Value>(sorted: SortedDomains<Value>, domain: string, value: Value): void {
  const host = withoutPort(domain)
  if (host !== domain) {
    if (host.startsWith('*')) sorted.portedSuffixes.push(host.slice(1))
    else sorted.ported.add(host)
  }
  if (domain === '*') sorted.any ??= value
  else if (domain.startsWith('*')) sorted.suffixes.push({ text: domain.slice(1), value })
  else if (domain.endsWith('*')) sorted.prefixes.push({ text: domain.slice(0, -1), value })
  else if (!sorted.exact.has(domain)) sorted.exact.set(domain, value)
}

interface Wildcard<Value> {
  readonly text: string
  readonly value: Value
}

function longestFirst(a: Wildcard<unknown>, b: Wildcard<unknown>): number {
  return b.text.length - a.text.length
}

/** A wildcard stands for at least one character. */
function bySuffix<Value>(wildcards: readonly Wildcard<Value>[], authority: string): Value | undefined {
  for (const { text, value } of wildcards) if (authority.length > text.length && authority.endsWith(text)) return value
  return undefined
}

function byPrefix<Value>(wildcards: readonly Wildcard<Value>[], authority: string): Value | undefined {
  for (const { text, value } of wildcards) if (authority.length > text.length && authority.startsWith(text)) return value
  return undefined
}

/** The same place written otherwise: without a port that nobody asks for, or with or without the port of the scheme. */
function otherSpelling(name: string, scheme: string, ports: Pick<SortedDomains<unknown>, 'ported' | 'portedSuffixes'>): string | undefined {
  const host = withoutPort(name)
  const port = scheme === 'https' ? ':443' : ':80'
  if (host === name) return name + port
  if (name.slice(host.length) === port) return host
  return ports.ported.has(host) || ports.portedSuffixes.some((suffix) => host.endsWith(suffix)) ? undefined : host
}

/** `reviews:9080` → `reviews`; brackets of IPv6 stay. */
export function withoutPort(authority: string): string {
  const colon = authority.lastIndexOf(':')
  if (colon < 0 || authority.indexOf(']', colon) >= 0) return authority
  return /^(\d+|\*)$/.test(authority.slice(colon + 1)) ? authority.slice(0, colon) : authority
}
