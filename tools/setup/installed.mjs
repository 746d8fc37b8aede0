import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * @typedef {'run' | 'all'} Extent what running needs, or the development tools too
 * @typedef {{ version?: string, dev?: boolean, optional?: boolean, devOptional?: boolean, link?: boolean, bin?: Record<string, string>, optionalDependencies?: Record<string, string> }} LockedPackage
 */

/**
 * Whether node_modules holds what the lockfile asks for; npm writes its own list last, so an interrupted install is not complete.
 * @param {string} root
 * @param {Extent} extent
 */
export function isInstalled(root, extent) {
  const locked = packagesOf(join(root, 'package-lock.json'))
  const present = packagesOf(join(root, 'node_modules/.package-lock.json'))
  if (locked === undefined || present === undefined || !existsSync(join(root, NODE_PACKAGE))) return false
  return needed(locked, extent).every(([path, entry]) => present[path]?.version === entry.version) && isLinked(root, locked)
}

/**
 * Whether each package and each command of this repository can be found by its name; one may be new since the last install.
 * @param {string} root
 * @param {Record<string, LockedPackage>} locked
 */
function isLinked(root, locked) {
  const links = Object.entries(locked).filter(([, entry]) => entry.link === true)
  const found = (/** @type {string} */ path) => existsSync(join(root, path))
  return links.every(([path]) => found(`${path}/package.json`)) && commandsOf(locked).every((name) => found(`node_modules/.bin/${name}`))
}

/**
 * Commands that the packages of this repository bring; npm links none whose file is built only after the install.
 * @param {Record<string, LockedPackage>} locked
 */
function commandsOf(locked) {
  const own = Object.entries(locked).filter(([path]) => !path.includes('node_modules/'))
  const commands = own.flatMap(([, { bin }]) => Object.entries(bin ?? {}))
  return commands.filter(([, file]) => !file.startsWith('dist/')).map(([name]) => name)
}

/**
 * How many of the packages that an install brings are unpacked already, of those at the top of node_modules.
 * @param {string} root
 * @param {Extent} extent
 */
export function unpacked(root, extent) {
  const paths = needed(packagesOf(join(root, 'package-lock.json')) ?? {}, extent)
    .map(([path]) => path)
    .filter((path) => path.lastIndexOf('node_modules/') === 0)
  return { count: paths.filter((path) => existsSync(join(root, path, 'package.json'))).length, total: paths.length }
}

/** Where the npm package `node` keeps its binary. */
export const NODE_PACKAGE = process.platform === 'win32' ? 'node_modules/node/bin/node.exe' : 'node_modules/node/bin/node'

/**
 * @param {Record<string, LockedPackage>} locked
 * @param {Extent} extent
 */
function needed(locked, extent) {
  const tested = extent === 'all' ? optionalOf(locked) : new Set()
  return Object.entries(locked).filter(
    ([path, entry]) =>
      path.includes('node_modules/') &&
      entry.link !== true &&
      ((entry.optional !== true && entry.devOptional !== true) || tested.has(path)) &&
      (extent === 'all' || entry.dev !== true),
  )
}

/**
 * What packages of this repository can do without: their users may, their tests do not.
 * @param {Record<string, LockedPackage>} locked
 */
function optionalOf(locked) {
  const own = Object.entries(locked).filter(([path]) => !path.includes('node_modules/'))
  return new Set(own.flatMap(([, entry]) => Object.keys(entry.optionalDependencies ?? {}).map((name) => `node_modules/${name}`)))
}

/**
 * @param {string} file
 * @returns {Record<string, LockedPackage> | undefined}
 */
function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages
  } catch {
    return undefined
  }
}
