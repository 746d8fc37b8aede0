const { closeSync, fstatSync, mkdirSync, openSync, readSync, renameSync, statSync, writeFileSync } = require('node:fs')
const { dirname, join } = require('node:path')

/**
 * A pack: the modules of all binaries in one file, without their types, with the links between them and what V8 compiled of them.
 * The layout: the length of the index (uint32, little-endian), the index (JSON), then the bytes that it points into.
 *
 * @typedef {'module' | 'commonjs' | 'json' | 'builtin'} Kind
 * @typedef {readonly [offset: number, length: number]} Span in the bytes behind the index
 *
 * @typedef {object} Entry one module
 * @property {string} path from the root of the checkout, as a URL has it; of a builtin its specifier, with `node:`
 * @property {Kind} kind
 * @property {Stamp} [stamp] of a file of this repository; files of installed packages share `installed`
 * @property {Span} [source]
 * @property {boolean} [ascii] whether the source is
 * @property {Span} [cache] what V8 compiled of it
 * @property {number[]} [imports] of a module: what each of its import requests leads to, in V8's order
 * @property {Record<string, number>} [ways] of a module its `import()`s, of CommonJS its `require()`s: by specifier
 * @property {string[]} [names] what CommonJS or a builtin exports
 *
 * @typedef {readonly [modifiedMs: number, bytes: number]} Stamp
 * @typedef {{ format: number, tag: number, length: number, installed: Stamp, entries: Entry[] }} Index `length`: of the bytes behind it
 * @typedef {{ index: Index, bytes: (span: Span) => Buffer }} Pack
 */

/** @type {Span} */
const NOTHING = [0, 0]
/** Of this layout: a pack of another one is none. */
const FORMAT = 1
const LENGTH_BYTES = 4
const ROOM_BYTES = 512 * 1024
const INSTALLED = 'node_modules/.package-lock.json'

/**
 * Beside the packages, where no other user can write. Compiled code is of one version of Node.
 * @param {string} root
 * @param {string} version such as `v26.1.0`
 */
function packFile(root, version) {
  return join(root, `node_modules/.cache/mesh-pack/${version}-${process.arch}.pack`)
}

/**
 * The pack of a file, which stays open, since a process reads only what it runs; undefined where there is none that can be read.
 * Bytes are lent until more are asked for.
 * @param {string} file
 * @returns {Pack | undefined}
 */
function openPack(file) {
  let descriptor = -1
  let room = Buffer.allocUnsafeSlow(ROOM_BYTES)
  const read = (/** @type {number} */ from, /** @type {number} */ length) => {
    if (length > room.length) room = Buffer.allocUnsafeSlow(length)
    if (readSync(descriptor, room, 0, length, from) !== length) throw new Error(`${file} ends too early`)
    return room.subarray(0, length)
  }
  try {
    descriptor = openSync(file, 'r')
    const { size } = fstatSync(descriptor)
    const start = LENGTH_BYTES + read(0, LENGTH_BYTES).readUInt32LE()
    if (start > size) throw new Error(`${file} ends too early`)
    const index = JSON.parse(read(LENGTH_BYTES, start - LENGTH_BYTES).toString())
    if (index.format !== FORMAT || start + index.length !== size) throw new Error(`${file} is no whole pack`)
    return { index, bytes: ([offset, length]) => read(start + offset, length) }
  } catch {
    if (descriptor !== -1) closeSync(descriptor)
    return undefined
  }
}

/**
 * @param {Pack} pack
 * @param {Entry} entry
 */
function sourceOf({ bytes }, { source = NOTHING, ascii }) {
  return bytes(source).toString(ascii === true ? 'latin1' : 'utf8')
}

/**
 * @param {Pack} pack
 * @param {Entry} entry
 */
function cacheOf({ bytes }, { cache }) {
  return cache === undefined ? undefined : bytes(cache)
}

/**
 * Whole or not at all: processes start meanwhile.
 * @param {string} file
 * @param {Pack} pack
 */
function writePack(file, { index, bytes }) {
  const text = Buffer.from(JSON.stringify(index))
  const length = Buffer.alloc(LENGTH_BYTES)
  length.writeUInt32LE(text.length)
  mkdirSync(dirname(file), { recursive: true })
  const temporary = `${file}.${process.pid}`
  writeFileSync(temporary, Buffer.concat([length, text, bytes([0, index.length])]))
  renameSync(temporary, file)
}

/**
 * How to tell that a file has changed; of one that is gone, nothing that any pack holds.
 * @param {string} file
 * @returns {Stamp}
 */
function stampOf(file) {
  const stats = statSync(file, { throwIfNoEntry: false })
  return stats === undefined ? [0, -1] : [stats.mtimeMs, stats.size]
}

/**
 * @param {string} root
 * @param {string} path of an entry
 */
function fileOf(root, path) {
  return `${root}/${decodeURIComponent(path)}`
}

/**
 * Whether the packages are those that the pack was made of.
 * @param {string} root
 * @param {Index} index
 */
function hasSamePackages(root, index) {
  return isSame(index.installed, installedStamp(root))
}

/** @param {string} root */
function installedStamp(root) {
  return stampOf(join(root, INSTALLED))
}

/**
 * Whether a module is still as it was packed.
 * @param {string} root
 * @param {Entry} entry
 */
function isUnchanged(root, { path, stamp }) {
  return stamp === undefined || isSame(stamp, stampOf(fileOf(root, path)))
}

/**
 * @param {Stamp} one
 * @param {Stamp} other
 */
function isSame(one, other) {
  return one[0] === other[0] && one[1] === other[1]
}

module.exports = { FORMAT, packFile, openPack, sourceOf, cacheOf, writePack, stampOf, fileOf, hasSamePackages, installedStamp, isUnchanged }
