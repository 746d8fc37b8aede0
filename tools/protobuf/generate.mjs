/**
 * Generates packages/rpc/src/gen: `node tools/protobuf/generate.mjs`; with `--check` it only compares, and fails on a difference.
 * buf compiles the .proto files, prune.mjs cuts them down to keep.txt, typescript.mjs writes TypeScript.
 */
import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fromBinary } from '@bufbuild/protobuf'
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt'
import { prune } from './prune.mjs'
import { typescriptOf } from './typescript.mjs'
import { ROOTS } from './roots.mjs'
import { protoClosure } from './sources.mjs'

const repository = fileURLToPath(new URL('../..', import.meta.url))
const target = join(repository, 'packages/rpc/src/gen')

const generated = await generate()
process.exitCode = process.argv.includes('--check') ? await compare(generated) : await write(generated)

async function generate() {
  const set = await compile(await protoClosure(ROOTS))
  prune(set, await readKeep(new URL('keep.txt', import.meta.url)))
  return typescriptOf(set)
}

/** The .proto files as one descriptor set, comments left out. */
async function compile(files) {
  const dir = await mkdtemp(join(tmpdir(), 'mesh-proto-'))
  try {
    for (const [path, text] of files) await writeIn(dir, path, text)
    await writeFile(join(dir, 'buf.yaml'), 'version: v2\n')
    const image = join(dir, 'image.binpb')
    execFileSync(join(repository, 'node_modules/.bin/buf'), ['build', dir, '--exclude-source-info', '-o', image], { stdio: 'inherit' })
    return fromBinary(FileDescriptorSetSchema, await readFile(image))
  } finally {
    await rm(dir, { recursive: true })
  }
}

async function readKeep(url) {
  const keep = { messages: new Map(), services: new Set() }
  for (const line of (await readFile(url, 'utf8')).split('\n')) {
    const words = line.split(/\s+/).filter((word) => word !== '')
    if (words.length === 0 || words[0].startsWith('#')) continue
    if (words[0] === 'service') keep.services.add(words[1])
    else keep.messages.set(words[0], new Set(words.slice(1)))
  }
  return keep
}

async function write(files) {
  await rm(target, { recursive: true, force: true })
  for (const [path, text] of files) await writeIn(target, path, text)
  console.log(`${files.size} files written to ${relative(repository, target)}`)
  return 0
}

async function compare(files) {
  const differing = []
  for (const [path, text] of files) if ((await readFile(join(target, path), 'utf8').catch(() => undefined)) !== text) differing.push(path)
  for (const path of await presentFiles()) if (!files.has(path)) differing.push(path)
  if (differing.length === 0) return 0
  console.error(`out of date, run node tools/protobuf/generate.mjs:\n${differing.map((path) => `  ${path}`).join('\n')}`)
  return 1
}

async function presentFiles() {
  const entries = await readdir(target, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => relative(target, join(entry.parentPath, entry.name)))
}

async function writeIn(dir, path, text) {
  await mkdir(dirname(join(dir, path)), { recursive: true })
  await writeFile(join(dir, path), text)
}
