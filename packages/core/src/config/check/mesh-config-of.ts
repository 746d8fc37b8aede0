import { formatPath, type FieldPlaces } from '../object.ts'
import { MeshConfig } from '../kinds/mesh-config.ts'
import { plainValue, type PlainValue } from '../read/plain-value.ts'
import { readDocuments } from '../read/read-documents.ts'
import type { Report } from './check-object.ts'

export interface EmbeddedConfig {
  readonly config: MeshConfig
  readonly places: FieldPlaces
}

/** The MeshConfig in the text below `data.mesh` of the ConfigMap `istio`, with places in the file that holds it. */
export function meshConfigOf(body: unknown, outer: PlainValue, report: Report): EmbeddedConfig | undefined {
  const text = (body as { readonly data?: Readonly<Record<string, string>> } | undefined)?.data?.['mesh']
  if (text === undefined) return undefined
  const path = ['data', 'mesh']
  const read = readDocuments(text)
  const [document] = read.documents
  const fault = read.fault ?? document?.fault
  if (fault !== undefined) {
    const [line] = read.placeOf(fault.offset)
    report.add('MESH0001', { path, message: `Line ${line} of \`mesh\`: ${fault.message}` })
    return undefined
  }
  const inner = plainValue(document?.node ?? null, read)
  const places = shift(inner.places, outer)
  for (const one of inner.faults) report.add('IST0106', { ...one, path: [...path, ...one.path] }, place(one.place, outer))
  report.adopt(places)
  const config = report.parse(MeshConfig, inner.value ?? {}, path, false)
  return config === undefined ? undefined : { config, places }
}

/** Where the embedded text begins: below its key when it is a block, and then one step deeper than its content tells. */
function shift(places: FieldPlaces, outer: PlainValue): FieldPlaces {
  const moved: Record<string, readonly [number, number]> = Object.create(null) as Record<string, readonly [number, number]>
  for (const [key, at] of Object.entries(places)) {
    const to = place(at, outer)
    if (to !== undefined) moved[`${formatPath(['data', 'mesh'])}${key.startsWith('[') ? '' : '.'}${key}`] = to
  }
  return moved
}

function place(at: readonly [number, number], outer: PlainValue): readonly [number, number] | undefined {
  const block = outer.blocks[formatPath(['data', 'mesh'])]
  return block === undefined ? undefined : [block.line + at[0] - 1, block.indent + at[1]]
}
