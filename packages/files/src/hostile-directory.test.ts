import { chmodSync, mkdirSync, renameSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { basename, join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { LIMITS, type Limits } from './limits.ts'
import { createFolder, type Folder } from './testdata/folder.ts'
import { createFileTexts } from './file-texts.ts'
import { walkDirectory } from './walk-directory.ts'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

function folderOf(files: Readonly<Record<string, string>> = {}): Folder {
  const folder = createFolder(files)
  cleanups.push(folder.delete)
  return folder
}

/** Reads a folder again and again: what its files say, and what is said about it. */
function reading(folder: Folder) {
  const texts = createFileTexts()
  return async () => {
    const walk = await walkDirectory(folder.path)
    const { sources, problems } = await texts.read(walk)
    return {
      texts: Object.fromEntries(sources.map(({ file, text }) => [basename(file), text])),
      problems: [...walk.problems, ...problems].map((problem) => problem.replaceAll(folder.path, '')),
    }
  }
}

/** The superuser reads everything. */
const isRoot = process.getuid?.() === 0

test.skipIf(isRoot)('a file that cannot be read any longer says what it said, and so does all that lies in such a directory', async () => {
  const folder = folderOf({ 'policy.yaml': 'deny', 'below/a.yaml': 'a', 'below/b.yaml': 'b', 'other.yaml': 'x' })
  const read = reading(folder)
  await read()
  folder.write('policy.yaml', 'deny more')
  chmodSync(join(folder.path, 'policy.yaml'), 0)
  chmodSync(join(folder.path, 'below'), 0)
  cleanups.push(() => chmodSync(join(folder.path, 'below'), 0o700))
  folder.write('other.yaml', 'y')
  const { texts, problems } = await read()
  expect(texts).toEqual({ 'policy.yaml': 'deny', 'a.yaml': 'a', 'b.yaml': 'b', 'other.yaml': 'y' })
  expect(problems).toEqual(['/below cannot be read: EACCES', '/policy.yaml cannot be read: EACCES; what it said before stays in force'])
  chmodSync(join(folder.path, 'policy.yaml'), 0o600)
  chmodSync(join(folder.path, 'below'), 0o700)
  folder.remove('below/a.yaml')
  expect(await read()).toEqual({ texts: { 'policy.yaml': 'deny more', 'b.yaml': 'b', 'other.yaml': 'y' }, problems: [] })
})

test('a file and a directory that cannot be looked at any longer say what they said', async () => {
  const folder = folderOf({ 'policy.yaml': 'deny', 'below/a.yaml': 'a', 'below/b.yaml': 'b' })
  const read = reading(folder)
  await read()
  for (const name of ['policy.yaml', 'below']) {
    folder.remove(name)
    symlinkSync(name, join(folder.path, name))
  }
  const { texts, problems } = await read()
  expect(texts).toEqual({ 'policy.yaml': 'deny', 'a.yaml': 'a', 'b.yaml': 'b' })
  expect(problems).toEqual(['/below cannot be read: ELOOP', '/policy.yaml cannot be read: ELOOP'])
  for (const name of ['policy.yaml', 'below']) folder.remove(name)
  expect(await read()).toEqual({ texts: {}, problems: [] })
})

test.each<[string, Partial<Limits>]>([
  ['too many names', { maxEntries: 3 }],
  ['a directory that lies too deep', { maxDirectoryDepth: 0 }],
  ['a directory too many', { maxDirectories: 1 }],
  ['a file too many', { maxFiles: 1 }],
])('%s: what was read before stays in force', async (_what, limits) => {
  const folder = folderOf({ 'a.yaml': 'a', 'below/policy.yaml': 'deny' })
  const texts = createFileTexts()
  const before = await texts.read(await walkDirectory(folder.path))
  folder.write('below/more.yaml', 'm')
  const walk = await walkDirectory(folder.path, { ...LIMITS, ...limits })
  expect(walk.problems.length).toBeGreaterThan(0)
  expect((await texts.read(walk)).sources).toEqual(before.sources)
})

test('what becomes a link that is not followed says what it said', async () => {
  const elsewhere = folderOf({ 'policy.yaml': 'allow' })
  const folder = folderOf({ 'policy.yaml': 'deny', 'below/a.yaml': 'a' })
  const read = reading(folder)
  const { texts } = await read()
  for (const name of ['policy.yaml', 'below']) folder.remove(name)
  symlinkSync(join(elsewhere.path, 'policy.yaml'), join(folder.path, 'policy.yaml'))
  symlinkSync('.', join(folder.path, 'below'))
  expect((await read()).texts).toEqual(texts)
})

test('a directory that goes as a whole says what it said until it is there again', async () => {
  const folder = folderOf({ 'policy.yaml': 'deny' })
  const read = reading(folder)
  await read()
  renameSync(folder.path, `${folder.path}-away`)
  expect(await read()).toEqual({ texts: { 'policy.yaml': 'deny' }, problems: [' has gone; what it said before stays in force'] })
  mkdirSync(folder.path)
  cleanups.push(() => renameSync(`${folder.path}-away`, join(folder.path, 'away')))
  expect(await read()).toEqual({ texts: {}, problems: [] })
})

test('a link that leads out of its directory is not followed, one that stays inside is', async () => {
  const secrets = folderOf({ 'key.yaml': 'secret' })
  const folder = folderOf({ 'real/a.yaml': 'a' })
  symlinkSync(join(secrets.path, 'key.yaml'), join(folder.path, 'key.yaml'))
  symlinkSync(secrets.path, join(folder.path, 'secrets'))
  symlinkSync('../..', join(folder.path, 'real/up'))
  symlinkSync('real/a.yaml', join(folder.path, 'b.yaml'))
  symlinkSync('nowhere', join(folder.path, 'c.yaml'))
  expect(await reading(folder)()).toEqual({
    texts: { 'a.yaml': 'a', 'b.yaml': 'a' },
    problems: ['/key.yaml', '/secrets', '/real/up'].map((path) => `${path} is a link that leads out of its directory and is not followed`),
  })
})

test('links that go round in circles are read once', async () => {
  const folder = folderOf({ 'a.yaml': 'a', 'one/b.yaml': 'b', 'two/c.yaml': 'c' })
  for (let link = 0; link < 20; link++) symlinkSync('..', join(folder.path, `one/up-${link}`))
  symlinkSync('self.yaml', join(folder.path, 'self.yaml'))
  const { texts, problems } = await reading(folder)()
  expect(texts).toEqual({ 'a.yaml': 'a', 'b.yaml': 'b', 'c.yaml': 'c' })
  expect(problems).toHaveLength(21)
})

test('directories that link to each other in every way have a bound', async () => {
  const folder = folderOf()
  const names = Array.from({ length: 6 }, (_, index) => `d${index}`)
  for (const name of names) folder.write(`${name}/x.txt`, '')
  for (const from of names) for (const to of names) if (from !== to) symlinkSync(join('..', to), join(folder.path, from, to))
  const { directories, problems } = await walkDirectory(folder.path)
  expect(directories).toHaveLength(LIMITS.maxDirectories)
  expect(problems.some((problem) => problem.includes('one directory too many'))).toBe(true)
})

test('what is no file is passed over', async () => {
  const folder = folderOf({ 'a.yaml': 'a' })
  const socket = createServer().listen(join(folder.path, 'socket.yaml'))
  cleanups.push(() => socket.close())
  await new Promise((resolve) => socket.on('listening', resolve))
  mkdirSync(join(folder.path, 'directory.yaml'))
  expect(await reading(folder)()).toEqual({ texts: { 'a.yaml': 'a' }, problems: [] })
})

test('a file that grows too large says what it said, and all files together have a bound', async () => {
  const folder = folderOf({ 'a.yaml': 'a' })
  const read = reading(folder)
  await read()
  truncateSync(join(folder.path, 'a.yaml'), LIMITS.maxFileBytes + 1)
  expect(await read()).toEqual({
    texts: { 'a.yaml': 'a' },
    problems: [`/a.yaml is larger than ${LIMITS.maxFileBytes} bytes and is not read; what it said before stays in force`],
  })
  folder.remove('a.yaml')
  const fitting = LIMITS.maxBytes / LIMITS.maxFileBytes
  for (let index = 0; index <= fitting; index++) {
    folder.write(`large-${String(index).padStart(3, '0')}.yaml`, '')
    truncateSync(join(folder.path, `large-${String(index).padStart(3, '0')}.yaml`), LIMITS.maxFileBytes)
  }
  const { texts, problems } = await read()
  expect([Object.keys(texts).length, problems]).toEqual([fitting, [expect.stringContaining('all files together')]])
})

test('a file that was written twice within a moment says what it said last', async () => {
  const folder = folderOf({ 'a.yaml': 'one' })
  const file = join(folder.path, 'a.yaml')
  const read = reading(folder)
  const before = new Date()
  utimesSync(file, before, before)
  expect((await read()).texts).toEqual({ 'a.yaml': 'one' })
  writeFileSync(file, 'two')
  utimesSync(file, before, before)
  expect((await read()).texts).toEqual({ 'a.yaml': 'two' })
})

test('hundreds of files are all read, and not read again while nothing changes', async () => {
  const folder = folderOf()
  const names = Array.from({ length: 300 }, (_, index) => `w-${index}.yaml`)
  const past = new Date(Date.now() - 60_000)
  for (const name of names) writeFileSync(join(folder.path, name), name)
  const walk = await walkDirectory(folder.path)
  const settled = { ...walk, files: walk.files.map((file) => ({ ...file, changedAtMs: past.getTime() })) }
  const texts = createFileTexts()
  expect((await texts.read(settled)).sources).toHaveLength(names.length)
  for (const name of names) writeFileSync(join(folder.path, name), 'changed')
  expect((await texts.read(settled)).sources.some(({ text }) => text === 'changed')).toBe(false)
  expect((await texts.read(await walkDirectory(folder.path))).sources.every(({ text }) => text === 'changed')).toBe(true)
})
