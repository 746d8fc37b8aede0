import { MAX_NAME_CHARS, MAX_NAMES, MAX_NAMES_CHARS, MAX_VERSION_CHARS, NAMES_PER_REQUEST } from '../limits.ts'
import type { TypeRequest } from '../subscription/request.ts'

/** What of a request is beyond its bounds, in one sentence. */
export function excessIn(request: TypeRequest): string | undefined {
  if (request.nonce.length > MAX_VERSION_CHARS) return `a nonce is longer than ${MAX_VERSION_CHARS} characters`
  if (request.kind === 'sotw') return excessOfNames(request.names)
  const versions = Object.entries(request.initialVersions)
  if (versions.some(([, version]) => version.length > MAX_VERSION_CHARS)) return `a version is longer than ${MAX_VERSION_CHARS} characters`
  return excessOfNames([...request.subscribe, ...request.unsubscribe, ...versions.map(([name]) => name)])
}

/** What is beyond bounds of the names that a client holds in all. */
export function excessOfRoom({ names, chars }: { readonly names: number; readonly chars: number }): string | undefined {
  if (names > MAX_NAMES) return `more than ${MAX_NAMES} names are subscribed to`
  return chars > MAX_NAMES_CHARS ? `the names that are subscribed to have more than ${MAX_NAMES_CHARS} characters` : undefined
}

/** How many requests a request counts for: reading its names is what costs, also of what the client still has. */
export function costOf(request: TypeRequest): number {
  return 1 + Math.floor(namesIn(request) / NAMES_PER_REQUEST)
}

function namesIn(request: TypeRequest): number {
  if (request.kind === 'sotw') return request.names.length
  return request.subscribe.length + request.unsubscribe.length + Object.keys(request.initialVersions).length
}

function excessOfNames(names: readonly string[]): string | undefined {
  if (names.length > MAX_NAMES) return `a request has more than ${MAX_NAMES} names`
  return names.some((name) => name.length > MAX_NAME_CHARS) ? `a name is longer than ${MAX_NAME_CHARS} characters` : undefined
}
