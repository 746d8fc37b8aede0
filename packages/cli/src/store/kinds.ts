import { INERT_KINDS, KINDS, type KindEntry, type KindName } from '@mesh/core/config'
import { CommandFailure, EXIT } from '../output/exit-code.ts'

/** The kinds that a word names, as kubectl understands it: `vs`, `virtualservice`, `virtualservices.networking.istio.io`, `vs,dr`, `all`. */
export function kindsOf(word: string): readonly KindName[] {
  if (word.toLowerCase() === 'all') return KIND_NAMES
  return [...new Set(word.split(',').map(kindOf))]
}

/** One kind by a word for it; fails with those that there are. */
export function kindOf(word: string): KindName {
  const [name = '', ...group] = word.toLowerCase().split('.')
  const found = KIND_NAMES.find((kind) => namesOf(kind).has(name) && (group.length === 0 || groupOf(kind) === group.join('.')))
  if (found !== undefined) return found
  const inert = Object.keys(INERT_KINDS).find((kind) => spellings(kind).has(name))
  if (inert !== undefined) throw new CommandFailure(EXIT.usage, `${inert} has no effect in this mesh yet, and is not kept.`)
  throw new CommandFailure(EXIT.usage, `This mesh knows no kind "${word}". It knows ${KIND_NAMES.map(shortest).join(', ')}.`)
}

/** `virtualservice.networking.istio.io/reviews`: kubectl's name of an object, from its key. */
export function kindWord(key: string): string {
  const [kind = '', , name = ''] = key.split('/')
  const group = groupOf(kind as KindName)
  return `${kind.toLowerCase()}${group === '' ? '' : `.${group}`}/${name}`
}

const KIND_NAMES = Object.keys(KINDS) as readonly KindName[]

const SHORT: Readonly<Partial<Record<KindName, readonly string[]>>> = {
  Service: ['svc'],
  Namespace: ['ns'],
  ServiceAccount: ['sa'],
  ConfigMap: ['cm'],
  VirtualService: ['vs'],
  DestinationRule: ['dr'],
  Gateway: ['gw'],
  ServiceEntry: ['se'],
  WorkloadEntry: ['we'],
  PeerAuthentication: ['pa'],
  AuthorizationPolicy: ['ap'],
}

function namesOf(kind: KindName): ReadonlySet<string> {
  return new Set([...spellings(kind), ...(SHORT[kind] ?? [])])
}

/** One and many: `gateway`, `gateways`; `serviceentry`, `serviceentries`. */
function spellings(kind: string): ReadonlySet<string> {
  const name = kind.toLowerCase()
  const many = /[^aeiou]y$/.test(name) ? `${name.slice(0, -1)}ies` : name.endsWith('s') ? `${name}es` : `${name}s`
  return new Set([name, many, ...(INERT_SHORT[kind] ?? [])])
}

const INERT_SHORT: Readonly<Record<string, readonly string[]>> = { WorkloadGroup: ['wg'], RequestAuthentication: ['ra'] }

function groupOf(kind: KindName): string {
  return (KINDS[kind] as KindEntry).group
}

function shortest(kind: KindName): string {
  const [short] = SHORT[kind] ?? []
  return short === undefined ? kind.toLowerCase() : `${kind.toLowerCase()} (${short})`
}
