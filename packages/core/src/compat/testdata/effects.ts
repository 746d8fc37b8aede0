import { readdirSync, readFileSync } from 'node:fs'
import { compileView, nodesOf } from '../../compile/index.ts'
import { KINDS, type KindName } from '../../config/kinds.ts'
import type { ConfigObject } from '../../config/object.ts'
import { buildSnapshot, type Snapshot } from '../../snapshot/index.ts'
import { ANY_ITEM, ANY_KEY } from '../schema-fields.ts'

/** Snapshots that together use each field: `own` ones say what the cases of the compiler leave out. */
export function corpus(): { readonly own: readonly Snapshot[]; readonly all: readonly Snapshot[] } {
  const own = snapshots(texts(OWN, '.yaml'))
  return { own, all: [...own, ...snapshots(texts(COMPILER, '.in.yaml'))] }
}

function snapshots(cases: ReturnType<typeof texts>): readonly Snapshot[] {
  const shop = read(new URL('shop.yaml', COMPILER))
  return cases.map(({ file, text }) =>
    buildSnapshot({
      sources: [
        { file: 'shop', text: shop },
        { file, text: text.slice(Math.max(0, text.search(/^---$/m))) },
      ],
    }),
  )
}

const COMPILER = new URL('../../compile/testdata/', import.meta.url)
const OWN = new URL('./effect/', import.meta.url)

function texts(folder: URL, ending: string): readonly { readonly file: string; readonly text: string }[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(ending) && name !== 'shop.yaml')
    .map((file) => ({ file, text: read(new URL(file, folder)) }))
}

function read(file: URL): string {
  return readFileSync(file, 'utf8')
}

type Path = readonly (string | number)[]

/** The places in a body that a path of its schema stands for. */
export function placesAt(body: unknown, path: readonly string[]): readonly Path[] {
  const [step, ...rest] = path
  if (step === undefined) return [[]]
  if (typeof body !== 'object' || body === null) return []
  const keys =
    step === ANY_ITEM ? [...(body as unknown[]).keys()] : step === ANY_KEY ? Object.keys(body) : Object.hasOwn(body, step) ? [step] : []
  return keys.flatMap((key) => placesAt((body as Record<string | number, unknown>)[key], rest).map((below) => [key, ...below]))
}

/** Whether any view of any node is another one when the field at this place of an object is left out or says something else, like one of its words. */
export function hasEffect(snapshot: Snapshot, object: ConfigObject, place: Path, words: readonly string[]): boolean {
  return alternatives(valueAt(object.body, place), words).some((value) => changesViews(snapshot, object, { place, value }))
}

/** Whether any view is another one when the object says this at that place, which must be valid. */
export function changesViews(snapshot: Snapshot, object: ConfigObject, change: { readonly place: Path; readonly value: unknown }): boolean {
  const body = withValue(object.body, change.place, change.value)
  if (!KINDS[object.kind as KindName].schema.safeParse(body).success) return false
  const objects = snapshot.objects.map((one) => (one === object ? { ...object, body } : one))
  return views({ ...snapshot, objects }) !== views(snapshot)
}

/** Whether all views are the same with either value at a place, where both are valid. */
export function saySame(snapshot: Snapshot, object: ConfigObject, place: Path, values: readonly unknown[]): boolean {
  const bodies = values.map((value) => withValue(object.body, place, value))
  if (!bodies.every((body) => KINDS[object.kind as KindName].schema.safeParse(body).success)) return true
  const [one, ...others] = bodies.map((body) =>
    views({ ...snapshot, objects: snapshot.objects.map((each) => (each === object ? { ...object, body } : each)) }),
  )
  return others.every((other) => other === one)
}

/** Each value once absent, and once as something else of its kind. */
function alternatives(value: unknown, words: readonly string[]): readonly unknown[] {
  if (typeof value === 'string') return [undefined, ...words, `${value}x`, `1${value}`, '127.1.0.98', 'source.trustDomain']
  if (typeof value === 'number') return [undefined, value + 1, value - 1, 307, 9090]
  if (typeof value === 'boolean') return [undefined, !value]
  return Array.isArray(value) ? [undefined, value.slice(1), ['x'], ['1']] : [undefined, {}, { x: 'x' }]
}

const VIEWS = new WeakMap<Snapshot, string>()

/** What all proxies of a mesh would be told, without where it was written. */
function views(snapshot: Snapshot): string {
  const known = VIEWS.get(snapshot)
  if (known !== undefined) return known
  const all = nodesOf(snapshot).map((node) => compileView(snapshot, node))
  const text = JSON.stringify([nodesOf(snapshot), all], (key, value: unknown) =>
    key === 'origin' || key === 'origins' ? undefined : value,
  )
  VIEWS.set(snapshot, text)
  return text
}

function valueAt(body: unknown, place: Path): unknown {
  let value = body
  for (const step of place) value = (value as Record<string | number, unknown>)[step]
  return value
}

function withValue(body: unknown, place: Path, value: unknown): unknown {
  const copy: unknown = structuredClone(body)
  const last = place.at(-1)
  const parent = valueAt(copy, place.slice(0, -1)) as Record<string | number, unknown>
  if (last === undefined) return value
  if (value === undefined) delete parent[last]
  else parent[last] = value
  return copy
}
