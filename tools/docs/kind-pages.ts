import { schemaFields, schemaPathText, standingsOn, type SchemaField } from '@mesh/core/compat'
import { FINDING_CODES, INERT_KINDS, KINDS, type KindEntry } from '@mesh/core/config'
import { code, markdownPage, table, type Page } from './page.ts'

const FROM = 'the schemas in `packages/core/src/config/kinds`'

/** A page for each kind that means something here, and their index. */
export function kindPages(): readonly Page[] {
  const kinds = Object.entries(KINDS) as (readonly [string, KindEntry])[]
  return [...kinds.map(([name, entry]) => kindPage(name, entry)), indexPage(kinds)]
}

function kindPage(name: string, entry: KindEntry): Page {
  const whole = standingsOn(entry.schema, name).map(({ message }) => message)
  const where = entry.namespaced ? 'Belongs to a namespace.' : 'Belongs to no namespace.'
  return markdownPage(`docs/reference/kinds/${name}.md`, FROM, [
    `# ${name}`,
    `${versions(entry).map(code).join(', ')}. ${where}`,
    ...(name === 'ConfigMap' ? [MESH] : []),
    ...(whole.length === 0 ? [fieldTable(name, entry)] : [`It is read, checked, and has no effect: ${whole.join(' ')}`]),
  ])
}

/** What stands below a field without effect has none either, and items of a list are told by what stands in them. */
function fieldTable(name: string, entry: KindEntry): string {
  const all = schemaFields(entry.schema)
  const fields = all.filter((field) => !isItem(field) && !all.some((above) => isBelow(field, above)))
  const rows = fields.map((field) => [code(pathIn(name, entry, field)), field.type, absence(field), stateOf(field)])
  return table(['field', 'takes', 'if absent', 'here'], rows)
}

function isItem({ path, type }: SchemaField): boolean {
  return type === 'fields' && (path.at(-1) === '[]' || path.at(-1) === '*')
}

const MESH =
  'The ConfigMap `istio` of istio-system holds the settings of the mesh (Istio `MeshConfig`) as a text below `data.mesh`. No other ConfigMap is read.'

function versions({ group, versions: all }: KindEntry): readonly string[] {
  return all.map((version) => (group === '' ? version : `${group}/${version}`))
}

function pathIn(kind: string, entry: KindEntry, { path }: SchemaField): string {
  const prefix = entry.place === 'spec' ? ['spec'] : kind === 'ConfigMap' && path[0] === 'mesh' ? ['data'] : []
  return schemaPathText([...prefix, ...path])
}

/** What is absent at a field without a word is as if it was not asked for. */
function absence({ required, otherwise }: SchemaField): string {
  if (otherwise === undefined) return required ? '**required**' : ''
  const { value } = otherwise
  return code(typeof value === 'string' ? value || '""' : JSON.stringify(value))
}

const WORKS = 'works'

function stateOf({ standings }: SchemaField): string {
  const said = standings.map(({ code: finding, message, effect, quiet, values }) => {
    const word = quiet === true ? 'needs nothing' : (effect ?? FINDING_CODES[finding].effect)
    return `${values === undefined ? word : `${word} in part`}: ${message}`
  })
  return said.length === 0 ? WORKS : said.join(' ')
}

function isBelow(field: SchemaField, above: SchemaField): boolean {
  const stops = above.standings.some(
    ({ code: finding, effect, values }) => values === undefined && (effect ?? FINDING_CODES[finding].effect) !== WORKS,
  )
  return stops && field.path.length > above.path.length && above.path.every((step, index) => step === field.path[index])
}

function indexPage(kinds: readonly (readonly [string, KindEntry])[]): Page {
  const rows = kinds.map(([name, entry]) => [`[${name}](${name}.md)`, versions(entry).map(code).join(', ')])
  const inert = Object.entries(INERT_KINDS).map(([name, { group, versions: all, meaning }]) => [
    name,
    all.map((version) => code(`${group}/${version}`)).join(', '),
    meaning,
  ])
  return markdownPage('docs/reference/kinds/README.md', FROM, [
    '# Kinds',
    "Istio's and Kubernetes' own, read unchanged from files and kubectl exports. On each page stand all fields that the kind has, and what this mesh makes of them.",
    table(['kind', 'apiVersion'], rows),
    'Known, and without effect yet ([MESH0103](../../findings/MESH0103.md)); other kinds are passed over:',
    table(['kind', 'apiVersion', 'what that means'], inert),
  ])
}
