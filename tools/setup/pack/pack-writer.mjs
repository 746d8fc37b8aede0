import { existsSync, readFileSync } from 'node:fs'
import { createRequire, findPackageJSON, stripTypeScriptTypes } from 'node:module'
import { extname } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { cachedDataVersionTag } from 'node:v8'
import { SourceTextModule } from 'node:vm'
import { CommonJs } from './common-js.cjs'
import { FORMAT, installedStamp, stampOf } from './format.cjs'

/**
 * @typedef {import('./format.cjs').Entry} Entry
 * @typedef {import('./format.cjs').Kind} Kind
 */

const LITERAL_REQUIRE = /\brequire\(\s*(['"])([^'"]+)\1\s*\)/g
const FROM = /\b(?:import|export)\b([^'"()=;]*?)\bfrom\s*['"]([^'"]+)['"]/g
const LITERAL_IMPORT = /\bimport\(\s*(['"])([^'"]+)\1\s*\)/g
/** @type {Readonly<Record<string, Kind>>} */
const KINDS = { '.ts': 'module', '.mts': 'module', '.mjs': 'module', '.cjs': 'commonjs', '.json': 'json' }

/** Collects modules and what V8 makes of them. Loads the CommonJS ones, to learn what they export and require; runs no module of its own. */
export class PackWriter {
  /** @type {Entry[]} */
  #entries = []
  /** @type {Map<string, number>} by URL */
  #places = new Map()
  /** @type {Uint8Array[]} */
  #pieces = []
  #length = 0
  #root
  #base

  /** @param {string} root */
  constructor(root) {
    this.#root = root
    this.#base = pathToFileURL(`${root}/`).href
  }

  /**
   * Takes in a module and all that it may load; answers its place.
   * @param {string} url
   * @returns {Promise<number>}
   */
  async add(url) {
    const known = this.#places.get(url)
    if (known !== undefined) return known
    const kind = kindOf(url)
    /** @type {Entry} */
    const entry = { path: kind === 'builtin' ? url : this.#pathOf(url), kind }
    const place = this.#entries.push(entry) - 1
    this.#places.set(url, place)
    if (kind === 'module') await this.#addModule(entry, url)
    else if (kind === 'commonjs') await this.#addCommonJs(entry, url)
    else if (kind === 'json') this.#keepSource(entry, readFileSync(fileURLToPath(url), 'utf8'))
    return place
  }

  /** What was taken in. */
  done() {
    this.#compileCommonJs(new CommonJs(this.#pack(), this.#root))
    return this.#pack()
  }

  /** @returns {import('./format.cjs').Pack} */
  #pack() {
    const bytes = Buffer.concat(this.#pieces)
    const index = {
      format: FORMAT,
      tag: cachedDataVersionTag(),
      length: bytes.length,
      installed: installedStamp(this.#root),
      entries: this.#entries,
    }
    return { index, bytes: ([offset, length]) => bytes.subarray(offset, offset + length) }
  }

  /**
   * @param {Entry} entry
   * @param {string} url
   */
  async #addModule(entry, url) {
    const file = fileURLToPath(url)
    if (!entry.path.startsWith('node_modules/')) entry.stamp = stampOf(file)
    const text = readFileSync(file, 'utf8')
    const source = extname(file).endsWith('ts') ? stripTypeScriptTypes(text) : text
    this.#keepSource(entry, source)
    const module = new SourceTextModule(source, { identifier: url })
    entry.cache = this.#keep(/** @type {SourceTextModule & import('node:vm').Script} */ (module).createCachedData())
    entry.imports = []
    for (const { specifier } of module.moduleRequests) {
      const to = import.meta.resolve(specifier, url)
      entry.imports.push(await this.add(to))
      await this.#addNames(to, namesImported(source, specifier))
    }
    entry.ways = {}
    for (const [, , specifier = ''] of source.matchAll(LITERAL_IMPORT)) {
      const to = import.meta.resolve(specifier, url)
      // In a comment stands what it likes.
      if (to.startsWith('node:') || existsSync(fileURLToPath(to))) {
        entry.ways[specifier] = await this.add(to)
        await this.#addNames(to, undefined)
      }
    }
  }

  /**
   * Of a builtin only what somebody imports: to ask `node:http` for all that it has loads all of fetch, 90 ms of a processor.
   * @param {string} url
   * @param {readonly string[] | undefined} imported undefined: everything
   */
  async #addNames(url, imported) {
    const entry = /** @type {Entry} */ (this.#entries[this.#places.get(url) ?? -1])
    if (entry.kind !== 'commonjs' && entry.kind !== 'builtin') return
    const names = entry.kind === 'builtin' && imported !== undefined ? imported : Object.keys(await import(url))
    entry.names = Array.from(new Set([...(entry.names ?? []), ...names]))
  }

  /**
   * @param {Entry} entry
   * @param {string} url
   */
  async #addCommonJs(entry, url) {
    await import(url)
    const file = fileURLToPath(url)
    const source = readFileSync(file, 'utf8')
    this.#keepSource(entry, source)
    entry.ways = {}
    for (const to of loadedBy(file, source)) entry.ways[to.specifier] = await this.add(to.url)
  }

  /**
   * What V8 keeps of a script that has run knows the functions that ran.
   * @param {InstanceType<typeof CommonJs>} commonJs
   */
  #compileCommonJs(commonJs) {
    forgetLoaded()
    this.#entries.forEach(({ kind }, place) => void (kind === 'commonjs' && commonJs.load(place)))
    for (const [place, script] of commonJs.scripts)
      /** @type {Entry} */ (this.#entries[place]).cache = this.#keep(script.createCachedData())
  }

  /**
   * @param {Entry} entry
   * @param {string} source
   */
  #keepSource(entry, source) {
    const bytes = Buffer.from(source)
    entry.source = this.#keep(bytes)
    entry.ascii = bytes.length === source.length
  }

  /**
   * @param {Uint8Array} piece
   * @returns {import('./format.cjs').Span}
   */
  #keep(piece) {
    const offset = this.#length
    this.#pieces.push(piece)
    this.#length += piece.length
    return [offset, piece.length]
  }

  /** @param {string} url */
  #pathOf(url) {
    if (!url.startsWith(this.#base)) throw new Error(`${url} is outside of ${this.#base}`)
    return url.slice(this.#base.length)
  }
}

/**
 * @param {string} url
 * @returns {Kind}
 */
function kindOf(url) {
  if (url.startsWith('node:')) return 'builtin'
  const known = KINDS[extname(url)]
  if (known !== undefined) return known
  const manifest = findPackageJSON(url)
  return manifest !== undefined && JSON.parse(readFileSync(manifest, 'utf8')).type === 'module' ? 'module' : 'commonjs'
}

/**
 * The names that a module imports of another; undefined where it takes them all, or says so in a way that is not understood here.
 * @param {string} source
 * @param {string} specifier
 */
export function namesImported(source, specifier) {
  const clauses = Array.from(source.matchAll(FROM)).filter(([, , from]) => from === specifier)
  if (clauses.length === 0 || clauses.some(([, clause = '']) => clause.includes('*'))) return undefined
  return clauses.flatMap(([, clause = '']) => [...(/^\s*[\w$]/.test(clause) ? ['default'] : []), ...namesIn(clause)])
}

/** @param {string} clause such as `one, { two, three as four }` */
function namesIn(clause) {
  const [, list = ''] = /\{([^}]*)\}/.exec(clause) ?? []
  return list.split(',').flatMap((one) => /^\s*([\w$]+)/.exec(one)?.[1] ?? [])
}

/**
 * What a CommonJS module that has run has required, as far as it says so in literals; what it would require only in some cases, Node looks up then.
 * @param {string} file
 * @param {string} source
 */
function loadedBy(file, source) {
  const require = createRequire(file)
  return Array.from(source.matchAll(LITERAL_REQUIRE), ([, , specifier = '']) => specifier).flatMap((specifier) => {
    try {
      const found = require.resolve(specifier)
      return require.cache[found] === undefined ? [] : [{ specifier, url: pathToFileURL(found).href }]
    } catch {
      return []
    }
  })
}

/** Node's memory of CommonJS: what is required next runs again. */
function forgetLoaded() {
  const { cache } = createRequire(import.meta.url)
  for (const file of Object.keys(cache)) delete cache[file]
}
