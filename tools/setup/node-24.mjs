import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { installFailure, runNpm } from './install.mjs'

/** The oldest line of Node that proxies run on, by its last release. */
export const NODE_24 = '24.21.0'

/**
 * That Node as npm has it, kept beside the packages; or why it cannot be had.
 * @param {string} root
 * @returns {Promise<{ node: string } | { missing: string }>}
 */
export async function fetchNode24(root) {
  const dir = join(root, `node_modules/.cache/node-${NODE_24}`)
  const name = packageOf(process.platform, process.arch)
  const node = join(dir, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  if (!existsSync(node)) {
    mkdirSync(dir, { recursive: true })
    // Else npm would install into the repository around it.
    writeFileSync(join(dir, 'package.json'), '{ "private": true }\n')
    const args = ['install', '--no-save', '--no-package-lock', '--ignore-scripts', `${name}@${NODE_24}`]
    const { code, output } = await runNpm(args, dir)
    if (code !== 0 || !existsSync(node)) return { missing: installFailure(output, 'npm install') }
  }
  const { status, stderr, error } = spawnSync(node, ['--version'], { encoding: 'utf8' })
  return status === 0 ? { node } : { missing: `it does not start here: ${`${stderr ?? ''}${error ?? ''}`.trim()}` }
}

/**
 * The package that the npm package `node` would install: itself it needs a script to do so.
 * @param {string} platform
 * @param {string} arch
 */
function packageOf(platform, arch) {
  return `${platform === 'darwin' && arch === 'arm64' ? 'node-bin' : 'node'}-${platform === 'win32' ? 'win' : platform}-${arch}`
}
