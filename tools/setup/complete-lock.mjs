import { readFileSync, writeFileSync } from 'node:fs'

/**
 * Adds to package-lock.json the optional packages of other platforms that npm left out because the registry at hand does not
 * have them; without them `npm ci` calls the file out of date. To be run after `npm install` has changed the lockfile.
 */
const FILE = new URL('../../package-lock.json', import.meta.url)

const SYSTEMS = ['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'openbsd', 'netbsd', 'sunos', 'aix', 'win32']
/** How package names spell what npm calls `cpu`. */
const PROCESSORS = new Map([
  ['aarch64', 'arm64'],
  ['arm64', 'arm64'],
  ['armv7', 'arm'],
  ['arm', 'arm'],
  ['x64', 'x64'],
  ['ia32', 'ia32'],
  ['ppc64', 'ppc64'],
  ['ppc64le', 'ppc64'],
  ['riscv64', 'riscv64'],
  ['s390x', 's390x'],
  ['loong64', 'loong64'],
  ['mips64el', 'mips64el'],
  ['wasm32', 'wasm32'],
])

const lock = JSON.parse(readFileSync(FILE, 'utf8'))
const missing = missingFrom(lock.packages)
for (const [path, entry] of missing) lock.packages[path] = entry
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en')))
writeFileSync(FILE, `${JSON.stringify(lock, undefined, 2)}\n`)
process.stdout.write(`${missing.length} packages added\n`)

/**
 * @typedef {{ version?: string, dev?: boolean, optionalDependencies?: Record<string, string> }} Entry
 * @param {Record<string, Entry>} packages
 * @returns {[string, object][]}
 */
function missingFrom(packages) {
  return Object.entries(packages).flatMap(([path, entry]) =>
    Object.entries(entry.optionalDependencies ?? {}).flatMap(([name, version]) => {
      const place = placeFor(packages, path, name, version)
      return place === undefined ? [] : [/** @type {[string, object]} */ ([place, placeholder(name, version, entry.dev === true)])]
    }),
  )
}

/**
 * Where a dependency is missing: beside its dependent's siblings, or inside the dependent when another version stands there.
 * @param {Record<string, Entry>} packages
 * @param {string} dependent
 * @param {string} name
 * @param {string} version
 */
function placeFor(packages, dependent, name, version) {
  for (let folder = dependent; ; folder = folder.slice(0, Math.max(folder.lastIndexOf('/node_modules/'), 0))) {
    const found = packages[`${folder === '' ? '' : `${folder}/`}node_modules/${name}`]
    if (found !== undefined) return found.version === version || !/^\d/.test(version) ? undefined : `${dependent}/node_modules/${name}`
    if (folder === '') return dependent.lastIndexOf('node_modules/') === 0 ? `node_modules/${name}` : `${dependent}/node_modules/${name}`
  }
}

/**
 * @param {string} name
 * @param {string} version
 * @param {boolean} dev
 */
function placeholder(name, version, dev) {
  const words = name.split(/[/.-]/)
  const os = SYSTEMS.filter((system) => words.includes(system))
  const cpu = words.map((word) => PROCESSORS.get(word)).filter((one) => one !== undefined)
  const libc = words.includes('musl') ? ['musl'] : words.includes('gnu') ? ['glibc'] : []
  if (os.length === 0 && cpu.length === 0) throw new Error(`${name} is missing from the lockfile, and its name tells no platform`)
  return {
    version,
    ...(cpu.length > 0 ? { cpu: [...new Set(cpu)] } : {}),
    ...(dev ? { dev: true } : {}),
    ...(libc.length > 0 ? { libc } : {}),
    optional: true,
    ...(os.length > 0 ? { os } : {}),
  }
}
