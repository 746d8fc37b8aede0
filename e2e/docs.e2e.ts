import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, delimiter, dirname, join } from 'node:path'
import { loadSources } from '@mesh/core/config'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { mismatch, readDocPage, type DocStep } from './src/doc-page.ts'
import { Mesh } from './src/mesh.ts'
import { ROOT, SOURCE_LINE } from './src/root.ts'

const DOCS = join(ROOT, 'docs')
const tasks = readdirSync(join(DOCS, 'tasks'))
  .filter((name) => name.endsWith('.md') && name !== 'README.md')
  .sort()
const pages = [...tasks.map((name) => `tasks/${name}`), 'config-store.md', 'getting-started.md']

let mesh: Mesh
let work: string

beforeAll(async () => {
  work = mkdtempSync(join(tmpdir(), 'mesh-docs-'))
  mkdirSync(join(work, 'bin'))
  // On a reader's machine `npx meshctl` finds the one of the checkout.
  const meshctl = `exec "${process.execPath}" ${SOURCE_LINE} "${join(ROOT, 'apps/meshctl/src/main.ts')}"`
  writeFileSync(
    join(work, 'bin/npx'),
    `#!/bin/sh\n[ "$1" = meshctl ] || { echo "npx $1 is not expected here" >&2; exit 2; }\nshift\n${meshctl} "$@"\n`,
    {
      mode: 0o755,
    },
  )
  mesh = await Mesh.start()
})

afterAll(async () => {
  await mesh.stop()
  rmSync(work, { recursive: true, force: true })
})

test.each(pages)('every block of docs/%s does what the page says, and the end leaves the mesh as it was', async (page) => {
  const before = configFiles()
  const complaints: string[] = []
  for (const step of readDocPage(join(DOCS, page))) {
    const complaint = await carryOut(step)
    if (complaint !== undefined) complaints.push(`docs/${page}:${step.line}: ${complaint}`)
  }
  expect(complaints).toEqual([])
  expect(configFiles(), 'the page does not clean up').toEqual(before)
})

/** Does what a step says; answers what is not as the page says. */
async function carryOut(step: DocStep): Promise<string | undefined> {
  if (step.kind === 'file') {
    writeFileSync(join(mesh.dir, basename(step.name)), step.text)
    return undefined
  }
  if (step.kind === 'config') return errorsOf(step.text)[0]
  const { code, output } = await shell(step.script)
  if (code !== step.exit) return `it ends with ${code}, not ${step.exit}\n${output}`
  return step.expected === undefined ? undefined : mismatch(step.expected, output)
}

function errorsOf(text: string): readonly string[] {
  return loadSources([{ file: 'page.yaml', text }])
    .findings.filter((finding) => finding.severity === 'error')
    .map((finding) => finding.message)
}

/** Runs a block as a reader would, in the folder of the mesh. */
function shell(script: string): Promise<{ code: number | null; output: string }> {
  const PATH = [join(work, 'bin'), dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter)
  const env = { ...process.env, PATH, NO_COLOR: '1', INGRESS: mesh.ingress }
  const child = spawn('bash', ['-euo', 'pipefail', '-c', script.replaceAll('http://localhost:8080', mesh.ingress)], { cwd: mesh.dir, env })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece: Buffer) => (output += piece.toString()))
  const timer = setTimeout(() => child.kill('SIGKILL'), 60_000)
  return new Promise((resolve) =>
    child.once('close', (code) => {
      clearTimeout(timer)
      resolve({ code, output })
    }),
  )
}

function configFiles(): Readonly<Record<string, string>> {
  const names = readdirSync(join(mesh.dir, 'config'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return Object.fromEntries(names.map((entry) => [entry.name, readFileSync(join(entry.parentPath, entry.name), 'utf8')]))
}
