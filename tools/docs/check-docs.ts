import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { GENERATED_FOLDERS, generatedPages } from './pages.ts'

/** Holds the generated pages against what the program says now; answers what is stale. */
export async function checkDocs(root: string): Promise<readonly string[]> {
  const pages = await generatedPages(root)
  const stale = pages.filter(({ file, text }) => readIfThere(join(root, file)) !== text).map(({ file }) => `${file} is stale`)
  const left = strays(root, new Set(pages.map(({ file }) => file))).map((file) => `${file} is of nothing`)
  const wrong = [...stale, ...left]
  return wrong.length === 0 ? [] : [...wrong, 'Run: npm run docs']
}

/** Writes the generated pages anew, and removes those of what is gone; answers which files changed. */
export async function writeDocs(root: string): Promise<readonly string[]> {
  const pages = await generatedPages(root)
  const changed = pages.filter(({ file, text }) => readIfThere(join(root, file)) !== text)
  for (const { file, text } of changed) {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), text)
  }
  const left = strays(root, new Set(pages.map(({ file }) => file)))
  for (const file of left) rmSync(join(root, file))
  return [...changed.map(({ file }) => file), ...left]
}

function strays(root: string, known: ReadonlySet<string>): readonly string[] {
  return GENERATED_FOLDERS.flatMap(([folder, deep]) => {
    if (!existsSync(join(root, folder))) return []
    return readdirSync(join(root, folder), { recursive: deep, encoding: 'utf8' })
      .filter((name) => name.endsWith('.md'))
      .map((name) => `${folder}/${name}`)
      .filter((file) => !known.has(file))
  })
}

function readIfThere(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}
