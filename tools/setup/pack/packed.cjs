const { dirname } = require('node:path')
const { pathToFileURL } = require('node:url')
const { SourceTextModule, SyntheticModule } = require('node:vm')
const { CommonJs } = require('./common-js.cjs')
const { cacheOf, fileOf, hasSamePackages, isUnchanged, sourceOf } = require('./format.cjs')

/**
 * Runs the modules of a pack: the same sources, linked as they were when it was made, without looking each up on the disk again.
 * @typedef {import('./format.cjs').Pack} Pack
 * @typedef {import('./format.cjs').Entry} Entry
 * @typedef {import('node:vm').Module} VmModule
 */

class Packed {
  /** @type {(VmModule | undefined)[]} by place */
  #modules = []
  #pack
  #root
  #base
  #commonJs

  /**
   * @param {Pack} pack
   * @param {string} root
   */
  constructor(pack, root) {
    this.#pack = pack
    this.#root = root
    this.#base = pathToFileURL(`${root}/`).href
    this.#commonJs = new CommonJs(pack, root)
  }

  /**
   * The place of a module that can run from here, with all that it may load: undefined where one has changed since, or is not in it.
   * @param {string} path of its entry
   */
  find(path) {
    const { index } = this.#pack
    const place = index.entries.findIndex((entry) => entry.path === path && entry.kind === 'module')
    if (place === -1 || !hasSamePackages(this.#root, index)) return undefined
    return reached(index.entries, place).every((entry) => isUnchanged(this.#root, entry)) ? place : undefined
  }

  /**
   * Runs a module, unless it has run; answers what it exports.
   * @param {number} place
   */
  async run(place) {
    const module = this.link(place)
    await module.evaluate()
    return module
  }

  /**
   * A module that can be run: it and all that it imports are made and linked.
   * @param {number} place
   * @throws {SyntaxError} where a module does not export what another imports
   */
  link(place) {
    /** @type {[SourceTextModule, readonly number[]][]} */
    const made = []
    const module = this.#module(place, made)
    for (const [from, imports] of made) from.linkRequests(imports.map((to) => this.#module(to, made)))
    if (module.status === 'unlinked' && module instanceof SourceTextModule) module.instantiate()
    return module
  }

  /**
   * @param {number} place
   * @param {[SourceTextModule, readonly number[]][]} made
   * @returns {VmModule}
   */
  #module(place, made) {
    const known = this.#modules[place]
    if (known !== undefined) return known
    const entry = /** @type {Entry} */ (this.#pack.index.entries[place])
    if (entry.kind !== 'module') return (this.#modules[place] = this.#foreign(entry, place))
    const module = this.#source(entry)
    made.push([module, entry.imports ?? []])
    return (this.#modules[place] = module)
  }

  /** @param {Entry} entry */
  #source(entry) {
    const filename = fileOf(this.#root, entry.path)
    const url = this.#base + entry.path
    return new SourceTextModule(sourceOf(this.#pack, entry), {
      identifier: url,
      cachedData: cacheOf(this.#pack, entry),
      initializeImportMeta: (meta) => Object.assign(meta, { url, filename, dirname: dirname(filename) }),
      importModuleDynamically: (specifier) => this.#imported(entry, specifier),
    })
  }

  /**
   * @param {Entry} from
   * @param {string} specifier
   */
  #imported({ path, ways = {} }, specifier) {
    const to = ways[specifier]
    if (to === undefined) throw new Error(`${path} imports ${specifier} in a way that cannot be packed: import() takes a literal here`)
    return this.run(to)
  }

  /**
   * What is no module of its own kind, as one.
   * @param {Entry} entry
   * @param {number} place
   */
  #foreign({ kind, names = [] }, place) {
    const commonJs = this.#commonJs
    const exported = kind === 'json' ? ['default'] : names
    return new SyntheticModule(exported, function () {
      const value = /** @type {Record<string, unknown>} */ (commonJs.load(place))
      for (const name of exported) this.setExport(name, name === 'default' || name === 'module.exports' ? value : value[name])
    })
  }
}

/**
 * A module and all that it may load.
 * @param {readonly Entry[]} entries
 * @param {number} start
 */
function reached(entries, start) {
  const places = new Set([start])
  for (const place of places) {
    const { imports = [], ways = {} } = /** @type {Entry} */ (entries[place])
    for (const to of [...imports, ...Object.values(ways)]) places.add(to)
  }
  return Array.from(places, (place) => /** @type {Entry} */ (entries[place]))
}

module.exports = { Packed }
