import { registerHooks } from 'node:module'

/**
 * Loaded before a process that runs the mesh from source: packages of this workspace lead to their sources, and quickly.
 * Node looks up each of several hundred modules on the disk: whether it is there, where a link leads, what the nearest package.json
 * calls it. That is a quarter of the work of a start. Files of one folder share a package.json, and so they share its answer here;
 * one that is missing is told when it is read.
 */
const SOURCE = '@mesh/source'

/** By folder and extension: what the files there are. */
/** @type {Map<string, string>} */
const formats = new Map()

/** By package and specifier: where an import of a package leads. */
/** @type {Map<string, Resolved>} */
const packages = new Map()

/**
 * @typedef {import('node:module').ResolveFnOutput} Resolved
 * @typedef {(specifier: string, context: import('node:module').ResolveHookContext) => Resolved} Next
 */

registerHooks({
  resolve(specifier, context, next) {
    const { parentURL, conditions } = context
    if (parentURL === undefined || !conditions.includes('import')) return next(specifier, context)
    if (specifier.startsWith('.')) return file(specifier, parentURL, () => next(specifier, context))
    return ofPackage(specifier, parentURL, () => next(specifier, { ...context, conditions: [...conditions, SOURCE] }))
  },
})

/**
 * @param {string} specifier
 * @param {string} from
 * @param {() => Resolved} ask
 * @returns {Resolved}
 */
function file(specifier, from, ask) {
  const { href } = new URL(specifier, from)
  const format = formats.get(kindOf(href))
  return format === undefined ? learned(href, ask()) : { url: href, format, shortCircuit: true }
}

/**
 * @param {string} specifier
 * @param {string} from
 * @param {() => Resolved} ask
 * @returns {Resolved}
 */
function ofPackage(specifier, from, ask) {
  const way = specifier.startsWith('node:') ? specifier : `${packageOf(from)} ${specifier}`
  const known = packages.get(way)
  if (known !== undefined) return known
  const found = ask()
  packages.set(way, { ...found, shortCircuit: true })
  return learned(found.url, found)
}

/**
 * A link leads out of its folder: what it leads to tells nothing of its neighbours.
 * @param {string} url
 * @param {Resolved} found
 */
function learned(url, found) {
  if (found.url === url && typeof found.format === 'string') formats.set(kindOf(url), found.format)
  return found
}

/**
 * Packages of this workspace have all their code in `src`, those of others keep together in node_modules; a folder above says nothing.
 * @param {string} url
 */
function packageOf(url) {
  if (!url.startsWith(ROOT)) return INSTALLED.exec(url)?.[0] ?? folderOf(url)
  const found = OWN.exec(url.slice(ROOT.length))
  return found === null ? folderOf(url) : ROOT + found[0]
}

const ROOT = new URL('../../', import.meta.url).href
const OWN = /^(?:.*\/)?(?:src|node_modules\/(?:@[^/]+\/)?[^/]+)(?=\/)/
const INSTALLED = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/

/** @param {string} url */
function kindOf(url) {
  return folderOf(url) + url.slice(url.lastIndexOf('.'))
}

/** @param {string} url */
function folderOf(url) {
  return url.slice(0, url.lastIndexOf('/') + 1)
}
