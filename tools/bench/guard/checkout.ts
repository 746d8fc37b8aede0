import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

/** A tree whose sources can be run. */
export interface Checkout {
  readonly name: string
  readonly root: string
  remove(): void
}

/** The tree of this checkout, as it is now. */
export function here(): Checkout {
  return { name: 'here', root: ROOT, remove: () => undefined }
}

/** Whether the tree differs from its commit. */
export function changed(): boolean {
  return git('status', '--porcelain', '--', 'packages', 'apps') !== ''
}

/** The short name of a commit; undefined where git has none of that name. */
export function commitNamed(commit: string): string | undefined {
  try {
    return git('rev-parse', '--short', '--verify', '--end-of-options', `${commit}^{commit}`)
  } catch {
    return undefined
  }
}

/** A commit in a folder of its own, with the packages from npm of this checkout and measured by its bench. */
export function checkoutOf(name: string): Checkout {
  const root = mkdtempSync(join(tmpdir(), 'mesh-guard-'))
  const remove = (): void => {
    rmSync(root, { recursive: true, force: true })
    git('worktree', 'prune')
  }
  try {
    git('worktree', 'add', '--detach', '--force', root, name)
    linkModules(root)
    rmSync(join(root, 'tools/bench'), { recursive: true, force: true })
    cpSync(join(ROOT, 'tools/bench'), join(root, 'tools/bench'), { recursive: true })
  } catch (error) {
    remove()
    throw error
  }
  return { name, root, remove }
}

/** Packages of npm come from here, those of the mesh from the tree itself. */
function linkModules(root: string): void {
  const modules = join(root, 'node_modules')
  mkdirSync(modules)
  for (const entry of readdirSync(join(ROOT, 'node_modules'))) {
    if (entry !== '@mesh') symlinkSync(realpathSync(join(ROOT, 'node_modules', entry)), join(modules, entry))
  }
  mkdirSync(join(modules, '@mesh'))
  for (const folder of readdirSync(join(root, 'packages'))) {
    const manifest = join(root, 'packages', folder, 'package.json')
    if (!existsSync(manifest)) continue
    const { name } = JSON.parse(readFileSync(manifest, 'utf8')) as { readonly name: string }
    symlinkSync(join(root, 'packages', folder), join(modules, name))
    const own = join(ROOT, 'packages', folder, 'node_modules')
    if (existsSync(own)) symlinkSync(own, join(root, 'packages', folder, 'node_modules'))
  }
}

function git(...args: readonly string[]): string {
  return execFileSync('git', args, { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim()
}
