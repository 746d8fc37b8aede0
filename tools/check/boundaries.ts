import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { FORBIDDEN_ON_DATA_PATH, isDataPath, mayUse } from './ownership.ts'
import { importsOf } from './imports.ts'
import { allowedImports } from './import-table.ts'
import { sourcesOf, workspacePackages, type WorkspacePackage } from './workspace.ts'

/**
 * Holds the workspace against the table of docs/architecture.md: dependencies of each package.json, each import in
 * sources (types included), who owns which library, and what the data path may not use. Answers what is wrong.
 */
export function checkBoundaries(root: string): readonly string[] {
  const table = allowedImports(readFileSync(join(root, 'docs/architecture.md'), 'utf8'))
  return workspacePackages(root).flatMap((one) => {
    const allowed = table.get(one.folder) ?? (one.folder.startsWith('apps/') ? undefined : 'missing')
    if (allowed === 'missing') return [`${one.folder}: docs/architecture.md does not say what it may import`]
    return [...dependencyFaults(one, allowed), ...sourcesOf(root, one).flatMap((file) => importFaults({ root, file, one, allowed }))]
  })
}

/** `@mesh/core` and its doors → `packages/core`; undefined for what is not of this workspace. */
function meshFolder(specifier: string): string | undefined {
  const name = /^@mesh\/([^/]+)/.exec(specifier)?.[1]
  return name === undefined ? undefined : name.startsWith('app-') ? `apps/${name.slice(4)}` : `packages/${name}`
}

function dependencyFaults(one: WorkspacePackage, allowed: ReadonlySet<string> | undefined): readonly string[] {
  return one.dependencies.flatMap((name) => {
    const folder = meshFolder(name)
    if (folder !== undefined) return mayImport(one, folder, allowed) ? [] : [`${one.folder}/package.json: may not depend on ${name}`]
    return mayUse({ library: name, folder: one.folder }) ? [] : [`${one.folder}/package.json: ${name} belongs to another package`]
  })
}

function importFaults(of: {
  root: string
  file: string
  one: WorkspacePackage
  allowed: ReadonlySet<string> | undefined
}): readonly string[] {
  const { root, file, one, allowed } = of
  return importsOf(readFileSync(join(root, file), 'utf8')).flatMap(({ specifier, line }) => {
    const fault = faultOf({ specifier, file, one, allowed })
    return fault === undefined ? [] : [`${file}:${line}: ${fault}`]
  })
}

function faultOf(of: {
  specifier: string
  file: string
  one: WorkspacePackage
  allowed: ReadonlySet<string> | undefined
}): string | undefined {
  const { specifier, file, one, allowed } = of
  if (specifier.startsWith('.')) return leaves(file, specifier, one.folder) ? `leaves its package: ${specifier}` : undefined
  if (specifier.startsWith('node:')) {
    return FORBIDDEN_ON_DATA_PATH.has(specifier) && isDataPath(file) ? `${specifier} has no place on the data path` : undefined
  }
  const folder = meshFolder(specifier)
  if (folder !== undefined) return mayImport(one, folder, allowed) ? undefined : `may not import ${specifier}`
  const library = /^(@[^/]+\/[^/]+|[^/]+)/.exec(specifier)?.[1] ?? specifier
  if (FORBIDDEN_ON_DATA_PATH.has(library) && isDataPath(file)) return `${library} has no place on the data path`
  return mayUse({ library, folder: one.folder, file }) ? undefined : `${library} belongs to another package`
}

/** An app imports the package of its own name. */
function mayImport(one: WorkspacePackage, folder: string, allowed: ReadonlySet<string> | undefined): boolean {
  if (folder === one.folder) return true
  if (allowed !== undefined) return allowed.has(folder)
  return one.folder === 'apps/meshctl' ? folder === 'packages/cli' : `apps/mesh-${folder.slice('packages/'.length)}` === one.folder
}

function leaves(file: string, specifier: string, folder: string): boolean {
  return !join(file, '..', specifier).startsWith(`${folder}/`)
}
