import { mkdirSync, renameSync, symlinkSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { ConfigSource } from '@mesh/core/config'
import { afterEach, expect, test } from 'vitest'
import { Facts } from './testdata/facts.ts'
import { createFolder, type Folder } from './testdata/folder.ts'
import { startFileSource } from './file-source.ts'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

function folderOf(files: Readonly<Record<string, string>>): Folder {
  const folder = createFolder(files)
  cleanups.push(folder.delete)
  return folder
}

async function watching(...directories: readonly string[]): Promise<Facts<Readonly<Record<string, string>>>> {
  const facts = new Facts<Readonly<Record<string, string>>>()
  const onSources = (sources: readonly ConfigSource[]): void =>
    facts.add(Object.fromEntries(sources.map(({ file, text }) => [basename(file), text])))
  const source = await startFileSource({ directories, onSources, log: () => {} })
  cleanups.push(source.close)
  return facts
}

test('all YAML and JSON files are there from the start, those with a leading dot are not', async () => {
  const folder = folderOf({ 'a.yaml': 'a', 'b.yml': 'b', 'below/c.json': 'c', '.hidden.yaml': 'x', 'notes.txt': 'x' })
  const facts = await watching(folder.path)
  expect(facts.items).toEqual([{ 'a.yaml': 'a', 'b.yml': 'b', 'c.json': 'c' }])
})

test('a change, a new file and a removed one are told, also in folders that came later', async () => {
  const folder = folderOf({ 'a.yaml': 'a' })
  const facts = await watching(folder.path)
  folder.write('a.yaml', 'changed')
  await facts.until((all) => all.at(-1)?.['a.yaml'] === 'changed')
  folder.write('new/b.yaml', 'b')
  await facts.until((all) => all.at(-1)?.['b.yaml'] === 'b')
  folder.write('new/b.yaml', 'b again')
  await facts.until((all) => all.at(-1)?.['b.yaml'] === 'b again')
  folder.remove('a.yaml')
  expect(await facts.until((all) => all.at(-1)?.['a.yaml'] === undefined && all.at(-1))).toEqual({ 'b.yaml': 'b again' })
})

test('the same content written again is not told', async () => {
  const folder = folderOf({ 'a.yaml': 'a' })
  const facts = await watching(folder.path)
  folder.write('a.yaml', 'a')
  folder.write('b.yaml', 'b')
  await facts.until((all) => all.at(-1)?.['b.yaml'] === 'b')
  expect(facts.items).toEqual([{ 'a.yaml': 'a' }, { 'a.yaml': 'a', 'b.yaml': 'b' }])
})

test('a mounted ConfigMap that is swapped by its link is taken up whole', async () => {
  const folder = folderOf({ '..1/a.yaml': 'one', '..1/b.yaml': 'one', '..2/a.yaml': 'two', '..2/b.yaml': 'two' })
  symlinkSync('..1', join(folder.path, '..data'))
  for (const name of ['a.yaml', 'b.yaml']) symlinkSync(join('..data', name), join(folder.path, name))
  const facts = await watching(folder.path)
  expect(facts.items).toEqual([{ 'a.yaml': 'one', 'b.yaml': 'one' }])
  symlinkSync('..2', join(folder.path, '..data_tmp'))
  renameSync(join(folder.path, '..data_tmp'), join(folder.path, '..data'))
  await facts.until((all) => all.at(-1)?.['a.yaml'] === 'two')
  expect(facts.items).toEqual([
    { 'a.yaml': 'one', 'b.yaml': 'one' },
    { 'a.yaml': 'two', 'b.yaml': 'two' },
  ])
})

test('a directory may come later, and may be replaced by another', async () => {
  const folder = folderOf({ 'v1/a.yaml': 'one', 'v2/a.yaml': 'two' })
  const config = join(folder.path, 'config')
  const facts = await watching(config)
  expect(facts.items).toEqual([{}])
  mkdirSync(config)
  folder.write('config/a.yaml', 'zero')
  await facts.until((all) => all.at(-1)?.['a.yaml'] === 'zero')
  renameSync(config, join(folder.path, 'old'))
  renameSync(join(folder.path, 'v1'), config)
  await facts.until((all) => all.at(-1)?.['a.yaml'] === 'one')
  folder.write('config/a.yaml', 'one changed')
  await facts.until((all) => all.at(-1)?.['a.yaml'] === 'one changed')
})
