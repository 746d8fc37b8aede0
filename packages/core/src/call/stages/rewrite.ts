import { pathOf } from '../../engine/match/path.ts'
import { compileReplacer, type Replacer } from '../../regex/replacer.ts'
import type { Rewrite, Route } from '../../view/route.ts'
import type { Call } from '../call.ts'
import { normalisePath } from '../path/normalise-path.ts'
import { CONTINUE, type Stage } from '../stage.ts'
import { replyWith } from './reply.ts'

/** Changes path and authority as the route says, behind every decision that looked at them. */
export const rewrite: Stage = {
  name: 'rewrite',
  onHead(call) {
    const change = call.forward?.rewrite
    if (change === undefined || call.route === undefined) return CONTINUE
    if (change.authority !== undefined) call.request.setAuthority(change.authority)
    const path = rewritten(call, call.route, change)
    if (path === undefined) return replyWith(REFUSED)
    if (path !== call.request.path) call.request.setPath(path)
    return CONTINUE
  },
}

const REFUSED = { status: 400, flag: undefined, details: 'path_rewrite_failed', body: 'the path cannot be rewritten' } as const

function rewritten({ request, plan }: Call, route: Route, change: Rewrite): string | undefined {
  const target = request.path
  const path = pathOf(target)
  const query = target.slice(path.length)
  const how = plan.filter.pathNormalization
  if (change.prefix !== undefined) return normalisePath(withPrefix(path, route, change.prefix) + query, how)
  if (change.regex === undefined) return target
  const replaced = substitute(compiled(change, change.regex.pattern), path, change.regex.substitution)
  return replaced === undefined ? undefined : normalisePath(replaced + query, how)
}

/** Replaces every match (RE2's form: `\1` is a group, `\0` all of it, `\\` a backslash). Undefined when it cannot be done. */
function substitute(replacer: Replacer | undefined, path: string, substitution: string): string | undefined {
  return replacer?.(path, (groups) =>
    substitution.replace(/\\([0-9\\])/g, (_written, char: string) => (char === '\\' ? char : (groups[Number(char)] ?? ''))),
  )
}

/** Replaces the matched prefix, or the whole of an exact path; never makes `//` at the seam. */
function withPrefix(path: string, { match }: Route, prefix: string): string {
  if (match.path.kind !== 'prefix') return prefix
  const rest = path.slice(match.path.value.length)
  if (prefix.endsWith('/') && rest.startsWith('/')) return prefix + rest.slice(1)
  return prefix === '' && !rest.startsWith('/') ? `/${rest}` : prefix + rest
}

const PATTERNS = new WeakMap<Rewrite, Replacer | undefined>()

/** Compiled on first use, kept as long as the view that says it. */
function compiled(change: Rewrite, pattern: string): Replacer | undefined {
  if (PATTERNS.has(change)) return PATTERNS.get(change)
  const regex = compileReplacer(pattern)
  PATTERNS.set(change, regex)
  return regex
}
