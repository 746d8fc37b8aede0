import { schemaFields, schemaPathText } from '@mesh/core/compat'
import { meshFileSchema } from '../../packages/cli/src/up/mesh-file.ts'
import { code, markdownPage, table, type Page } from './page.ts'

/** The fields of mesh.yaml. */
export function meshFilePage(): Page {
  const rows = schemaFields(meshFileSchema).map(({ path, type, required, otherwise }) => {
    const absent = otherwise === undefined ? (required ? '**required**' : '') : code(JSON.stringify(otherwise.value))
    return [code(schemaPathText(path)), type, absent]
  })
  return markdownPage('docs/reference/mesh-yaml.md', '`packages/cli/src/up/mesh-file.ts`', [
    '# mesh.yaml',
    'What `meshctl up` runs. Each field in words, with an example: [a mesh on one machine](../laptop.md#meshyaml). `*` stands for a name of your own.',
    table(['field', 'takes', 'if absent'], rows),
  ])
}
