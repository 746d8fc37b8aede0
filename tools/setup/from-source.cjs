const { registerHooks } = require('node:module')
const { resolve } = require('node:path')
const { pathToFileURL } = require('node:url')
const { cachedDataVersionTag } = require('node:v8')
const vm = require('node:vm')

/**
 * Loaded before a process that runs the mesh from source. What the process starts with runs from the pack of this checkout where
 * that is as the sources are, and module by module from the sources where it is not; Node has what a pack needs behind `--experimental-vm-modules`.
 * CommonJS, because Node loads that in a fifth of the time.
 */
const ROOT = resolve(__dirname, '../..')
const BASE = pathToFileURL(`${ROOT}/`).href
const START = Symbol.for('mesh.start')

/** @type {boolean} */
let begun = false
registerHooks({
  load(url, context, next) {
    if (begun || !url.startsWith('file:')) return next(url, context)
    begun = true
    return fromPack(url) ?? fromSources(() => next(url, context))
  },
})

/**
 * What Node is to load in place of the module that it starts with: that runs it from the pack.
 * @param {string} url
 * @returns {import('node:module').LoadFnOutput | undefined}
 */
function fromPack(url) {
  if (!('SourceTextModule' in vm) || !('linkRequests' in vm.SourceTextModule.prototype) || !url.startsWith(BASE)) return undefined
  const { openPack, packFile } = require('./pack/format.cjs')
  const pack = openPack(packFile(ROOT, process.version))
  if (pack?.index.tag !== cachedDataVersionTag()) return undefined
  const { Packed } = require('./pack/packed.cjs')
  const packed = new Packed(pack, ROOT)
  const place = packed.find(url.slice(BASE.length))
  if (place === undefined) return undefined
  Object.defineProperty(globalThis, START, { value: () => packed.run(place), configurable: true })
  return {
    format: 'module',
    source: `const key = Symbol.for('mesh.start'), start = globalThis[key]\ndelete globalThis[key]\nawait start()\n`,
    shortCircuit: true,
  }
}

/**
 * @template T
 * @param {() => T} load
 */
function fromSources(load) {
  require('./known-paths.mjs')
  return load()
}
