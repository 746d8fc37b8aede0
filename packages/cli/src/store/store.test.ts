import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { incomingSet, STDIN } from './incoming.ts'
import { planDelete } from './plan-delete.ts'
import { planPut } from './plan-put.ts'
import type { StoreFolders } from './store-folders.ts'
import type { PutVerb, StorePlan } from './store-plan.ts'
import { placesOf, readStore } from './store.ts'
import { changeStore } from './transaction.ts'

let root: string
let folders: StoreFolders
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'meshctl-store-'))
  folders = { config: [join(root, 'config')], registry: join(root, '.mesh/registry'), applied: join(root, 'config/applied') }
  mkdirSync(folders.config[0])
  mkdirSync(folders.registry, { recursive: true })
})
afterEach(() => rmSync(root, { recursive: true }))

const rule = (name: string, subset: string, more = ''): string =>
  `# about ${name}
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: ${name}${more}
spec:
  hosts: [${name}]
  http:
  - route:
    - destination: {host: ${name}, subset: ${subset}} # ${subset}
`
const key = (name: string, namespace = 'default'): string => `VirtualService/${namespace}/${name}`
const write = (path: string, text: string): string => {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
  return join(root, path)
}
const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const applied = (): string[] => (existsSync(folders.applied) ? readdirSync(folders.applied).sort() : [])

interface Put {
  readonly verb?: PutVerb
  readonly namespace?: string
}
async function put(sources: Readonly<Record<string, string>>, { verb = 'apply', namespace }: Put = {}): Promise<StorePlan> {
  const read = Object.entries(sources).map(([path, text]) => ({ file: path === STDIN ? STDIN : write(path, text), text }))
  const incoming = incomingSet(read, namespace)
  expect([incoming.problems, incoming.findings.filter(({ severity }) => severity === 'error')]).toEqual([[], []])
  return changeStore(folders, (store) => planPut(store, incoming.objects, { verb, folders }))
}
const told = ({ outcomes, problems }: StorePlan): readonly string[] =>
  problems.length > 0 ? problems : outcomes.map((one) => `${one.key} ${one.outcome}`)
const versionOf = (name: string): string => placesOf(readStore(folders), key(name))[0]?.stored.version ?? ''

test('what is new goes to a file of the same name in the folder that meshctl keeps, as it was written', async () => {
  const text = `# a set\n${rule('reviews', 'v1')}---\n${rule('ratings', 'v1')}`
  expect(told(await put({ 'work/rules.yaml': text }))).toEqual([`${key('reviews')} created`, `${key('ratings')} created`])
  expect([applied(), read('config/applied/rules.yaml')]).toEqual([['rules.yaml'], text])
  expect(told(await put({ 'work/rules.yaml': text }))).toEqual([`${key('reviews')} unchanged`, `${key('ratings')} unchanged`])
})

test('an object of a file that people keep is changed there, and nothing else of the file is', async () => {
  write('config/all.yaml', `# ours\n\n${rule('reviews', 'v1')}---\n${rule('ratings', 'v1')}# end\n`)
  const plan = await put({ 'work/new.yaml': `${rule('reviews', 'v2')}---\n${rule('details', 'v1')}` })
  expect(told(plan)).toEqual([`${key('reviews')} configured`, `${key('details')} created`])
  expect(read('config/all.yaml')).toBe(`# ours\n\n${rule('reviews', 'v2')}---\n${rule('ratings', 'v1')}# end\n`)
  expect(read('config/applied/new.yaml')).toBe(rule('details', 'v1'))
})

test('what says the same already is left as people wrote it', async () => {
  const text = rule('reviews', 'v1').replace('# v1', '# with care')
  write('config/all.yaml', text)
  expect(told(await put({ 'work/r.yaml': rule('reviews', 'v1') }))).toEqual([`${key('reviews')} unchanged`])
  expect(read('config/all.yaml')).toBe(text)
})

test('an object that meshctl keeps follows the name of the file that it comes from, and what else stood there stays', async () => {
  await put({ 'work/a.yaml': `${rule('reviews', 'v1')}---\n${rule('ratings', 'v1')}` })
  await put({ 'work/b.yaml': rule('reviews', 'v2') })
  expect(read('config/applied/b.yaml')).toBe(rule('reviews', 'v2'))
  expect(read('config/applied/a.yaml')).toBe(rule('ratings', 'v1'))
  await put({ 'work/a.yaml': rule('details', 'v1') })
  expect(read('config/applied/a.yaml')).toBe(`${rule('details', 'v1')}---\n${rule('ratings', 'v1')}`)
  await put({ 'work/b.yaml': rule('ratings', 'v2') })
  expect([applied(), read('config/applied/a.yaml')]).toEqual([['a.yaml', 'b.yaml'], rule('details', 'v1')])
})

test('standard input has no name: what is new gets a file of its own, what is there stays where it is', async () => {
  await put({ 'work/a.yaml': rule('reviews', 'v1') })
  const plan = await put({ [STDIN]: `${rule('reviews', 'v2')}---\n${rule('ratings', 'v1')}` })
  expect(told(plan)).toEqual([`${key('reviews')} configured`, `${key('ratings')} created`])
  expect(applied()).toEqual(['a.yaml', 'virtualservice-default-ratings.yaml'])
  expect(read('config/applied/a.yaml')).toBe(rule('reviews', 'v2'))
  expect(read('config/applied/virtualservice-default-ratings.yaml')).toBe(rule('ratings', 'v1'))
})

test('objects of a List are changed where they stand, and come as one List when they are new', async () => {
  const list = (version: string): string =>
    `apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: ServiceAccount\n  metadata: {name: a, labels: {v: ${version}}} # a\n- {apiVersion: v1, kind: ServiceAccount, metadata: {name: b}}\n`
  await put({ 'work/list.yaml': list('one') })
  expect(read('config/applied/list.yaml')).toBe(list('one'))
  write('config/mine.yaml', list('one').replaceAll('name: ', 'name: my-'))
  await put({ [STDIN]: 'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: my-a, labels: {v: two}}\n' })
  expect(read('config/mine.yaml')).toContain('  metadata: {name: my-a, labels: {v: two}}\n- {apiVersion: v1')
})

test('create refuses what is there, replace what is not, and nothing of the set is changed', async () => {
  write('config/all.yaml', rule('reviews', 'v1'))
  const set = { 'work/set.yaml': `${rule('reviews', 'v2')}---\n${rule('ratings', 'v1')}` }
  expect(told(await put(set, { verb: 'create' }))).toEqual([expect.stringMatching(/reviews exists already \(.*config\/all.yaml:2\)/)])
  expect(told(await put(set, { verb: 'replace' }))).toEqual([expect.stringContaining('ratings does not exist')])
  expect([read('config/all.yaml'), applied()]).toEqual([rule('reviews', 'v1'), []])
  expect(told(await put({ 'work/r.yaml': rule('reviews', 'v2') }, { verb: 'replace' }))).toEqual([`${key('reviews')} replaced`])
})

test('a version that was read before must still be there, and is not stored; that of another store says nothing', async () => {
  await put({ 'work/r.yaml': rule('reviews', 'v1') })
  const versioned = (version: string, subset: string): string =>
    rule('reviews', subset, `\n  resourceVersion: "${version}"\n  generation: 4`) + 'status:\n  conditions: []\n'
  const before = versionOf('reviews')
  expect(told(await put({ 'work/r.yaml': versioned(before, 'v2') }))).toEqual([`${key('reviews')} configured`])
  expect(read('config/applied/r.yaml')).toBe(rule('reviews', 'v2'))
  for (const verb of ['apply', 'replace'] as const)
    expect(told(await put({ 'work/r.yaml': versioned(before, 'v3') }, { verb }))).toEqual([
      expect.stringMatching(/^Conflict: .* it is [0-9a-f]{12} now/),
    ])
  expect(told(await put({ 'work/r.yaml': versioned('8675309', 'v3') }))).toEqual([`${key('reviews')} configured`])
  rmSync(folders.applied, { recursive: true })
  expect(told(await put({ 'work/r.yaml': versioned(before, 'v3') }))).toEqual([expect.stringContaining('it was deleted')])
})

test('objects that name no namespace get the one that was asked for', async () => {
  expect(told(await put({ 'work/r.yaml': rule('reviews', 'v1') }, { namespace: 'shop' }))).toEqual([`${key('reviews', 'shop')} created`])
  expect(read('config/applied/r.yaml')).toBe(rule('reviews', 'v1').replace('  name', '  namespace: shop\n  name'))
  const other = incomingSet([{ file: STDIN, text: rule('x', 'v1', '\n  namespace: other') }], 'shop')
  expect(other.problems).toEqual([expect.stringMatching(/stdin:2:1: .*namespace other, and -n says shop/)])
})

test('of an object in two files the one in force is changed, the other is told, and both are deleted', async () => {
  write('config/a.yaml', rule('reviews', 'v1'))
  write('config/b.yaml', rule('reviews', 'v2'))
  const plan = await put({ 'work/r.yaml': rule('reviews', 'v3') })
  expect(plan.notes).toEqual([expect.stringMatching(/config\/b.yaml:2 too, where it has no effect/)])
  expect([read('config/a.yaml'), read('config/b.yaml')]).toEqual([rule('reviews', 'v3'), rule('reviews', 'v2')])
  expect(told(await changeStore(folders, (store) => planDelete(store, [key('reviews')])))).toEqual([`${key('reviews')} deleted`])
  expect(placesOf(readStore(folders), key('reviews'))).toEqual([])
})

test('a broken file beside hurts only what stands in it', async () => {
  const torn = `${rule('reviews', 'v1')}---\nkind: VirtualService\nmetadata:\n  name: ratings\nspec: {hosts: [\n`
  write('config/torn.yaml', torn)
  expect(told(await put({ 'work/d.yaml': rule('details', 'v1') }))).toEqual([`${key('details')} created`])
  expect(told(await put({ 'work/r.yaml': rule('reviews', 'v2') }))).toEqual([
    expect.stringMatching(/torn.yaml:\d+:\d+: a part of the file cannot be read/),
  ])
  expect(told(await put({ 'work/r.yaml': rule('ratings', 'v2') }))).toEqual([
    expect.stringMatching(/torn.yaml:\d+:\d+: .*ratings seems to stand here/),
  ])
  expect(told(await changeStore(folders, (store) => planDelete(store, [key('ratings')])))).toEqual([
    expect.stringMatching(/seems to stand here/),
  ])
  expect(read('config/torn.yaml')).toBe(torn)
})

test('a document that cannot be read is not lost when something is put into its file', async () => {
  const torn = 'kind: AuthorizationPolicy\nmetadata: {name: deny}\nspec: {rules: [\n'
  write('config/applied/r.yaml', torn)
  expect(told(await put({ 'work/r.yaml': rule('reviews', 'v1') }))).toEqual([
    expect.stringMatching(/applied\/r.yaml:\d+:\d+: a part of the file cannot be read/),
  ])
  expect(read('config/applied/r.yaml')).toBe(torn)
})

test('a file that is there and was not read is not written over', async () => {
  mkdirSync(folders.applied)
  symlinkSync(join(root, 'nowhere.yaml'), join(folders.applied, 'r.yaml'))
  await expect(put({ 'work/r.yaml': rule('reviews', 'v1') })).rejects.toThrow(/Nothing is changed: .*r.yaml is there already/)
  expect([existsSync(join(root, 'nowhere.yaml')), applied()]).toEqual([false, ['r.yaml']])
})

test('an object that is not valid where it stands is mended there', async () => {
  write('config/r.yaml', rule('reviews', 'v1').replace('subset', 'subst'))
  expect(told(await put({ 'work/fix.yaml': rule('reviews', 'v1') }))).toEqual([`${key('reviews')} configured`])
  expect(read('config/r.yaml')).toBe(rule('reviews', 'v1'))
})

test('a file that was deleted took its objects along', async () => {
  await put({ 'work/r.yaml': rule('reviews', 'v1') })
  rmSync(join(folders.applied, 'r.yaml'))
  expect(told(await put({ 'work/r.yaml': rule('reviews', 'v1') }, { verb: 'create' }))).toEqual([`${key('reviews')} created`])
})

test('a file of the configuration itself is what it is: applying it changes nothing', async () => {
  expect(told(await put({ 'config/r.yaml': rule('reviews', 'v1') }))).toEqual([`${key('reviews')} unchanged`])
  expect(applied()).toEqual([])
})

test('objects of the supervisor are changed and deleted by nobody else', async () => {
  const entry = 'apiVersion: networking.istio.io/v1\nkind: WorkloadEntry\nmetadata: {name: reviews-0}\nspec: {address: 127.0.0.1}\n'
  write('.mesh/registry/reviews-0.yaml', entry)
  expect(told(await put({ 'work/w.yaml': entry.replace('127.0.0.1', '127.0.0.2') }))).toEqual([
    expect.stringContaining('kept by `meshctl up`'),
  ])
  const plan = await changeStore(folders, (store) => planDelete(store, ['WorkloadEntry/default/reviews-0', 'Service/default/none']))
  expect([told(plan), plan.missing]).toEqual([[expect.stringContaining('kept by `meshctl up`')], ['Service/default/none']])
})

test('what means nothing to this mesh stays in its file, once however often it is applied, and goes with it', async () => {
  const text = `${rule('reviews', 'v1')}---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: reviews}\n`
  await put({ 'work/app.yaml': text })
  await put({ 'work/app.yaml': text.replace('v1}} # v1', 'v2}} # v2') })
  expect(read('config/applied/app.yaml').match(/Deployment/g)).toHaveLength(1)
  const plan = await changeStore(folders, (store) => planDelete(store, [key('reviews'), 'Deployment.apps/default/reviews']))
  expect([told(plan), plan.missing, applied()]).toEqual([[`${key('reviews')} deleted`], [], []])
})

test('a deleted object leaves the comments of a file that people keep', async () => {
  write('config/r.yaml', `# Keep me.\n\n${rule('reviews', 'v1')}`)
  await changeStore(folders, (store) => planDelete(store, [key('reviews')]))
  expect(read('config/r.yaml')).toBe('# Keep me.\n\n')
})

test('a link stays a link, and a file keeps its permissions', async () => {
  const real = write('elsewhere/r.yaml', rule('reviews', 'v1'))
  chmodSync(real, 0o640)
  symlinkSync(real, join(folders.config[0], 'r.yaml'))
  await put({ 'work/r.yaml': rule('reviews', 'v2') })
  expect(lstatSync(join(folders.config[0], 'r.yaml')).isSymbolicLink()).toBe(true)
  expect([readFileSync(real, 'utf8'), statSync(real).mode & 0o777]).toEqual([rule('reviews', 'v2'), 0o640])
})

test('a file that a link of the same store leads to is one file', async () => {
  write('config/all.yaml', `${rule('reviews', 'v1')}---\n${rule('ratings', 'v1')}`)
  symlinkSync('all.yaml', join(folders.config[0], 'a-link.yaml'))
  expect(told(await put({ 'work/r.yaml': rule('reviews', 'v2') }))).toEqual([`${key('reviews')} configured`])
  expect(read('config/all.yaml')).toBe(`${rule('reviews', 'v2')}---\n${rule('ratings', 'v1')}`)
  const plan = await changeStore(folders, (store) => planDelete(store, [key('reviews'), key('ratings')]))
  expect(told(plan)).toEqual([`${key('reviews')} deleted`, `${key('ratings')} deleted`])
  expect(readdirSync(folders.config[0])).toEqual([])
})

test('of a file that goes the link goes, and not what it leads to', async () => {
  const real = write('elsewhere/r.yaml', rule('reviews', 'v1'))
  symlinkSync(real, join(folders.config[0], 'r.yaml'))
  await changeStore(folders, (store) => planDelete(store, [key('reviews')]))
  expect([readdirSync(folders.config[0]), readFileSync(real, 'utf8')]).toEqual([[], rule('reviews', 'v1')])
})

test('JSON is kept as JSON', async () => {
  const value = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'a', labels: { v: '1' } } }
  write('config/a.json', JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [value] }))
  await put({ 'work/a.yaml': 'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: a, labels: {v: "2"}}\n' })
  expect(JSON.parse(read('config/a.json'))).toMatchObject({ items: [{ metadata: { labels: { v: '2' } } }] })
})
