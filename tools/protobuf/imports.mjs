import { dirname, relative } from 'node:path/posix'

/** What one generated file uses of others. */
export class Imports {
  #own
  /** By module path: name → whether it is only a type. */
  #modules = new Map()

  /** Names in this file, and the path that each is from. */
  #taken

  /** @param own path of the file itself, from the folder of generated files; @param declared what it declares */
  constructor(own, declared) {
    this.#own = own
    this.#taken = new Map(declared.map((name) => [name, own]))
  }

  runtime(name) {
    return this.#add('../protobuf/index.ts', name, false)
  }

  runtimeType(...names) {
    for (const name of names) this.#add('../protobuf/index.ts', name, true)
    return names[0]
  }

  /** A name of the file in which something is described; of its own file it needs no import. */
  ofFile({ file }, name, { type = false } = {}) {
    return this.#add(`${file.name}_pb.ts`, name, type)
  }

  text() {
    return [...this.#modules]
      .map(([path, names]) => [
        this.#pathTo(path),
        [...names].map(([name, isType]) => ({ name, called: this.#called(path, name), isType })),
      ])
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([path, names]) => importText(path, names))
      .join('\n')
  }

  #add(path, name, isType) {
    if (path === this.#own) return name
    const names = this.#modules.get(path) ?? new Map()
    names.set(name, isType && names.get(name) !== false)
    this.#modules.set(path, names)
    return this.#called(path, name)
  }

  /** Two packages may have a message of the same name. */
  #called(path, name) {
    const called = [name, `Other${name}`].find((one) => (this.#taken.get(one) ?? path) === path)
    if (called === undefined) throw new Error(`${this.#own} uses too many that are called ${name}`)
    this.#taken.set(called, path)
    return called
  }

  #pathTo(path) {
    const way = relative(dirname(this.#own), path)
    return way.startsWith('.') ? way : `./${way}`
  }
}

function importText(path, names) {
  const onlyTypes = names.every(({ isType }) => isType)
  const parts = names
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, called, isType }) => `${isType && !onlyTypes ? 'type ' : ''}${name}${called === name ? '' : ` as ${called}`}`)
  return `import ${onlyTypes ? 'type ' : ''}{ ${parts.join(', ')} } from '${path}'`
}
