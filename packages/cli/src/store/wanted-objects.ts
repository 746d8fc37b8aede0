import { KINDS, type KindName } from '@mesh/core/config'
import { CommandFailure, EXIT } from '../output/exit-code.ts'
import { kindOf, kindsOf } from './kinds.ts'
import type { Store } from './store.ts'

/** Objects as a command line names them: whole kinds, or single ones. */
export type Wanted =
  | { readonly kind: 'kinds'; readonly kinds: readonly KindName[] }
  | { readonly kind: 'names'; readonly names: readonly { readonly kind: KindName; readonly name: string }[] }

/** Reads `KIND[,KIND] [NAME...]` or `KIND/NAME...`. */
export function readWanted(words: readonly string[]): Wanted {
  const [first, ...names] = words
  if (first === undefined) throw new CommandFailure(EXIT.usage, 'Say which objects, like `vs`, `vs reviews` or `vs/reviews`; `all` is all.')
  if (words.some((word) => word.includes('/'))) return { kind: 'names', names: words.map(slashed) }
  const kinds = kindsOf(first)
  if (names.length === 0) return { kind: 'kinds', kinds }
  return { kind: 'names', names: kinds.flatMap((kind) => names.map((name) => ({ kind, name }))) }
}

/** The key of an object by its name, or by `NAME.NAMESPACE` where no object has the whole as its name. */
export function keyFor(store: Store, { kind, name }: { readonly kind: KindName; readonly name: string }, namespace: string): string {
  const own = KINDS[kind].namespaced ? `${kind}/${namespace}/${name}` : `${kind}//${name}`
  const dot = name.lastIndexOf('.')
  if (dot <= 0 || !KINDS[kind].namespaced || isThere(store, own)) return own
  const other = `${kind}/${name.slice(dot + 1)}/${name.slice(0, dot)}`
  return isThere(store, other) ? other : own
}

function slashed(word: string): { readonly kind: KindName; readonly name: string } {
  const slash = word.indexOf('/')
  const name = word.slice(slash + 1)
  if (slash <= 0 || name === '' || name.includes('/')) throw new CommandFailure(EXIT.usage, `"${word}" is not KIND/NAME.`)
  return { kind: kindOf(word.slice(0, slash)), name }
}

function isThere({ files }: Store, key: string): boolean {
  return files.some(({ objects }) => objects.some((one) => one.key === key))
}
