import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** A folder of files for one test. */
export interface Folder {
  readonly path: string
  write(name: string, text: string): void
  remove(name: string): void
  delete(): void
}

export function createFolder(files: Readonly<Record<string, string>> = {}): Folder {
  const path = mkdtempSync(join(tmpdir(), 'mesh-files-'))
  const write = (name: string, text: string): void => {
    mkdirSync(dirname(join(path, name)), { recursive: true })
    writeFileSync(join(path, name), text)
  }
  for (const [name, text] of Object.entries(files)) write(name, text)
  return {
    path,
    write,
    remove: (name) => rmSync(join(path, name), { recursive: true, force: true }),
    delete: () => rmSync(path, { recursive: true, force: true }),
  }
}
