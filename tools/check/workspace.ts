import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface WorkspacePackage {
  /** `packages/core`. */
  readonly folder: string
  readonly name: string
  readonly private: boolean
  /** Names of what it needs to run. */
  readonly dependencies: readonly string[]
}

/** Packages and apps of the workspace. */
export function workspacePackages(root: string): readonly WorkspacePackage[] {
  return ['packages', 'apps'].flatMap((group) =>
    existsSync(join(root, group))
      ? readdirSync(join(root, group))
          .sort()
          .map((name) => `${group}/${name}`)
          .filter((folder) => existsSync(join(root, folder, 'package.json')))
          .map((folder) => readPackage(root, folder))
      : [],
  )
}

/** TypeScript sources of a package, without tests and what only they read. */
export function sourcesOf(root: string, one: WorkspacePackage): readonly string[] {
  const src = `${one.folder}/src`
  if (!existsSync(join(root, src))) return []
  return readdirSync(join(root, src), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !/(^|\/)testdata\//.test(name))
    .sort()
    .map((name) => `${src}/${name}`)
}

function readPackage(root: string, folder: string): WorkspacePackage {
  const {
    name,
    private: isPrivate,
    dependencies,
    peerDependencies,
  } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as {
    name: string
    private?: boolean
    dependencies?: Record<string, string>
    peerDependencies?: Record<string, string>
  }
  return { folder, name, private: isPrivate === true, dependencies: Object.keys({ ...dependencies, ...peerDependencies }) }
}
