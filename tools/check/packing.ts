import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { exampleOf, requiring } from './readme-example.ts'
import { workspacePackages, type WorkspacePackage } from './workspace.ts'

const run = promisify(execFile)
/** Leads to sources that are not published; nobody outside the workspace sets it. */
const WORKSPACE_CONDITION = '@mesh/source'
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024

interface Packed {
  readonly one: WorkspacePackage
  readonly tarball: string
}

/**
 * Builds and packs every public package as it would be published, judges the tarballs (publint, are-the-types-wrong), installs
 * them into an empty project, and runs there the example of each README by import and by require. Answers what is wrong.
 */
export async function checkPacking(root: string): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'mesh-packing-'))
  try {
    const packed = await pack(root, folder)
    const judged = [...(await all(packed, lint)), ...(await all(packed, (one) => judgeTypes(root, one)))]
    return judged.length > 0 ? judged : await tryOut(root, folder, packed)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Stale output of sources that are gone would be packed too, hence the clean build. */
async function pack(root: string, folder: string): Promise<readonly Packed[]> {
  const packages = workspacePackages(root).filter((one) => !one.private)
  for (const one of packages) rmSync(join(root, one.folder, 'dist'), { recursive: true, force: true })
  await run('tsc', ['-b', '--force'], { cwd: root, maxBuffer: MAX_OUTPUT_BYTES })
  const workspaces = packages.flatMap((one) => ['--workspace', one.folder])
  const { stdout } = await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder, ...workspaces], {
    cwd: root,
    maxBuffer: MAX_OUTPUT_BYTES,
  })
  const files = Object.values(JSON.parse(stdout) as Record<string, { name: string; filename: string }>)
  return packages.map((one) => {
    const file = files.find(({ name }) => name === one.name)
    if (file === undefined) throw new Error(`npm packed no ${one.name}`)
    return { one, tarball: join(folder, file.filename) }
  })
}

async function lint({ one, tarball }: Packed): Promise<readonly string[]> {
  const bytes = readFileSync(tarball)
  const { messages, pkg } = await publint({
    pack: { tarball: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) },
    strict: true,
  })
  const told = messages.filter((message) => !message.path.includes(WORKSPACE_CONDITION))
  return told.map((message) => `${one.name}: publint: ${formatMessage(message, pkg, { color: false }) ?? message.code}`)
}

async function judgeTypes(root: string, { one, tarball }: Packed): Promise<readonly string[]> {
  try {
    await run(join(root, 'node_modules/.bin/attw'), [tarball, '--profile', 'esm-only', '--no-color', '--no-emoji'], {
      maxBuffer: MAX_OUTPUT_BYTES,
    })
    return []
  } catch (error) {
    return [`${one.name}: attw: ${outputOf(error)}`]
  }
}

async function tryOut(root: string, folder: string, packed: readonly Packed[]): Promise<readonly string[]> {
  writeFileSync(join(folder, 'package.json'), '{ "name": "empty", "version": "1.0.0", "private": true }\n')
  const args = [
    'install',
    '--prefer-offline',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
    ...packed.map(({ tarball }) => tarball),
  ]
  await run('npm', args, { cwd: folder, maxBuffer: MAX_OUTPUT_BYTES })
  return all(packed, ({ one }) => runExample(root, folder, one))
}

async function runExample(root: string, folder: string, one: WorkspacePackage): Promise<readonly string[]> {
  const example = exampleOf(readFileSync(join(root, one.folder, 'README.md'), 'utf8'))
  if (example === undefined) return [`${one.folder}/README.md has no example (a block of js)`]
  if (!example.includes(`'${one.name}`)) return [`${one.folder}/README.md: the example does not use ${one.name}`]
  const stem = one.folder.replace('/', '-')
  const forms = [
    { file: `${stem}.mjs`, text: example },
    { file: `${stem}.cjs`, text: requiring(example) },
  ]
  return (await Promise.all(forms.map((form) => runForm(folder, form)))).flat()
}

async function runForm(folder: string, form: { readonly file: string; readonly text: string }): Promise<readonly string[]> {
  writeFileSync(join(folder, form.file), form.text)
  try {
    await run(process.execPath, [form.file], { cwd: folder, timeout: 30_000, maxBuffer: MAX_OUTPUT_BYTES })
    return []
  } catch (error) {
    return [`${form.file} (from its README): ${outputOf(error)}`]
  }
}

/** Two at a time: the checks start processes of their own. */
async function all<T>(items: readonly T[], work: (item: T) => Promise<readonly string[]>): Promise<readonly string[]> {
  const results: (readonly string[])[] = []
  for (let at = 0; at < items.length; at += 2) results.push(...(await Promise.all(items.slice(at, at + 2).map(work))))
  return results.flat()
}

function outputOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { stdout, stderr } = error as Error & { stdout?: string; stderr?: string }
  return `${stdout ?? ''}${stderr ?? ''}`.trim() || error.message
}
