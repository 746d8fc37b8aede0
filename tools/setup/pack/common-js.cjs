const Module = require('node:module')
const { dirname } = require('node:path')
const { Script, constants } = require('node:vm')
const { cacheOf, fileOf, sourceOf } = require('./format.cjs')

/**
 * Runs the CommonJS modules of a pack, as Node runs them: they stand among Node's own, so that each is loaded once, whoever asks.
 * @typedef {import('./format.cjs').Pack} Pack
 */

const HEAD = '(function (exports, require, module, __filename, __dirname) { '
const TAIL = '\n})'

/** @typedef {{ exports: unknown, loaded: boolean, filename: string, paths: string[] }} Loaded */
const loadedByNode = /** @type {{ _cache: Record<string, Loaded>, _nodeModulePaths(from: string): string[] }} */ (
  /** @type {unknown} */ (Module)
)

class CommonJs {
  /** What was compiled, by place: the writer of a pack asks what V8 has of it. */
  /** @type {Map<number, Script>} */
  scripts = new Map()
  #pack
  #root

  /**
   * @param {Pack} pack
   * @param {string} root
   */
  constructor(pack, root) {
    this.#pack = pack
    this.#root = root
  }

  /**
   * What a module exports; runs it where nobody has.
   * @param {number} index
   * @returns {unknown}
   */
  load(index) {
    const entry = /** @type {import('./format.cjs').Entry} */ (this.#pack.index.entries[index])
    if (entry.kind === 'builtin') return process.getBuiltinModule(entry.path)
    const filename = fileOf(this.#root, entry.path)
    const known = loadedByNode._cache[filename]
    if (known !== undefined) return known.exports
    const loaded = /** @type {Loaded} */ (/** @type {unknown} */ (new Module(filename)))
    loaded.filename = filename
    loaded.paths = loadedByNode._nodeModulePaths(dirname(filename))
    loadedByNode._cache[filename] = loaded
    try {
      if (entry.kind === 'json') loaded.exports = JSON.parse(sourceOf(this.#pack, entry))
      else this.#run(index, loaded)
      loaded.loaded = true
    } finally {
      if (!loaded.loaded) delete loadedByNode._cache[filename]
    }
    return loaded.exports
  }

  /**
   * @param {number} index
   * @param {Loaded} loaded
   */
  #run(index, loaded) {
    const entry = /** @type {import('./format.cjs').Entry} */ (this.#pack.index.entries[index])
    const { filename } = loaded
    const script = new Script(HEAD + sourceOf(this.#pack, entry) + TAIL, {
      filename,
      columnOffset: -HEAD.length,
      cachedData: cacheOf(this.#pack, entry),
      importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    })
    this.scripts.set(index, script)
    const require = this.#requireOf(filename, entry.ways ?? {})
    script.runInThisContext().call(loaded.exports, loaded.exports, require, loaded, filename, dirname(filename))
  }

  /**
   * What the pack does not know, such as a name that is made up while running, Node looks up.
   * @param {string} filename
   * @param {Record<string, number>} ways
   */
  #requireOf(filename, ways) {
    /** @type {NodeJS.Require | undefined} */
    let native
    const ofNode = () => (native ??= Module.createRequire(filename))
    const require = (/** @type {string} */ specifier) => {
      const to = ways[specifier]
      return to === undefined ? (process.getBuiltinModule(specifier) ?? ofNode()(specifier)) : this.load(to)
    }
    return Object.defineProperties(require, {
      resolve: { get: () => ofNode().resolve },
      cache: { value: loadedByNode._cache },
      main: { value: process.mainModule },
    })
  }
}

module.exports = { CommonJs }
