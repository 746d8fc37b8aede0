import { compileView, nodesOf } from '../compile/index.ts'
import { FINDING_CODES, type FindingCode, type FindingEffect } from '../config/codes.ts'
import type { Finding } from '../config/finding.ts'
import { loadSources, type ConfigSource, type LoadedSources } from '../config/load.ts'
import { fieldOrigin, type ConfigObject } from '../config/object.ts'
import { originName, type Origin } from '../config/origin.ts'
import { buildSnapshot, type Snapshot } from '../snapshot/index.ts'
import { gathered } from './gathered.ts'
import { isAtOrBelow, usesOf } from './object-uses.ts'
import { standInNodes } from './stand-in-nodes.ts'

/** What becomes of a field of a kind, wherever it is used. */
export interface CompatEntry {
  readonly kind: string
  /** `spec.http[].timeout`; empty: the object as a whole. */
  readonly field: string
  readonly effect: FindingEffect
  /** What is to be said of it; absent where it simply works. */
  readonly code?: FindingCode
  readonly message?: string
  readonly fix?: string
  /** Nobody needs to do anything about it: a platform fills it in, or it is a name for people. */
  readonly quiet?: boolean
  readonly places: readonly CompatPlace[]
}

export interface CompatPlace {
  /** `VirtualService default/reviews`. */
  readonly object: string
  readonly file?: string
  readonly line?: number
  readonly column?: number
  /** What is said here, where that is not what the entry says. */
  readonly message?: string
}

export interface CompatReport {
  readonly files: number
  /** Valid objects of known kinds. */
  readonly objects: number
  /** Kinds in the order of the schemas; of a kind what is refused first. */
  readonly entries: readonly CompatEntry[]
}

/** What is said of one place. */
export interface PlacedUse extends Omit<CompatEntry, 'places'> {
  readonly origin: Origin
}

/**
 * What this mesh makes of a configuration, kind by kind and field by field. Nothing is listed by hand:
 * the schemas and their notes, the checks between objects and the compiler are asked.
 */
export function compatReport(sources: readonly ConfigSource[]): CompatReport {
  const loaded = loadSources(sources)
  const uses = loaded.objects.map((object) => ({ object, uses: placedUses(object) }))
  const said = new Set(uses.flatMap((one) => one.uses.map(keyOf)))
  const found = findings(sources, loaded).flatMap(useOfFinding)
  const beyond = found.filter((use) => !said.has(keyOf(use)))
  const troubles = Map.groupBy(beyond, ({ origin }) => subjectOf(origin))
  const working = uses.flatMap(({ object, uses: own }) => withoutTroubles(own, troubles.get(subjectOf(object.origin)) ?? []))
  return { files: sources.length, objects: loaded.objects.length, entries: gathered([...beyond, ...working]) }
}

function placedUses(object: ConfigObject): readonly PlacedUse[] {
  return usesOf(object).map(({ path, pattern, field: _, ...use }) => ({
    ...use,
    kind: object.kind,
    field: pattern,
    origin: path.length === 0 ? object.origin : fieldOrigin(object, path),
  }))
}

/** What a finding has stopped does not work, whatever its schema says. */
function withoutTroubles(uses: readonly PlacedUse[], troubles: readonly PlacedUse[]): readonly PlacedUse[] {
  const stopped = troubles.filter(({ effect }) => effect !== 'works').map(({ origin, field }) => (field === '' ? '' : (origin.field ?? '')))
  return stopped.length === 0
    ? uses
    : uses.filter(({ effect, origin }) => effect !== 'works' || !stopped.some((field) => isAtOrBelow(origin.field ?? '', field)))
}

function subjectOf(origin: Origin): string {
  return `${origin.file} ${originName(origin)}`
}

/** What the checks say, and what compiling the views of all nodes finds out, of those too that an export does not show. */
function findings(sources: readonly ConfigSource[], loaded: LoadedSources): readonly Finding[] {
  const snapshot = buildSnapshot({ sources })
  const found = new Map<string, Finding>()
  for (const node of [...nodesOf(snapshot), ...standInNodes(snapshot)]) {
    compileView(snapshot, node, (finding) => found.set(JSON.stringify([finding.code, finding.origin, finding.message]), finding))
  }
  return [...(holdsServices(snapshot) ? snapshot.findings : loaded.findings), ...found.values()]
}

/** Only where services are there too can be said that a name leads nowhere. */
function holdsServices({ objects }: Snapshot): boolean {
  return objects.some(({ kind }) => kind === 'Service' || kind === 'ServiceEntry')
}

function useOfFinding({ code, origin, message, fix }: Finding): readonly PlacedUse[] {
  if (!Object.hasOwn(FINDING_CODES, code)) return []
  const known = code as FindingCode
  const field = origin.field === undefined || WHOLE.has(origin.field) ? '' : origin.field.replaceAll(/\[\d+\]/g, '[]')
  return [
    { kind: origin.kind, field, effect: FINDING_CODES[known].effect, code: known, message, ...(fix === undefined ? {} : { fix }), origin },
  ]
}

/** What is said of these is said of the object. */
const WHOLE: ReadonlySet<string> = new Set(['kind', 'apiVersion', 'spec'])

function keyOf({ code, origin }: PlacedUse): string {
  return JSON.stringify([code, origin.file, originName(origin), origin.field])
}
