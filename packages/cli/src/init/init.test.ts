import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { meshctl } from '../testdata/meshctl.ts'
import { readMeshFile } from '../up/read-mesh-file.ts'
import { exampleFiles } from './example-files.ts'
import { isOnPath } from './is-on-path.ts'

let dir: string

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'mesh-init-'))
})

afterEach(() => rmSync(dir, { recursive: true }))

test('without a terminal nothing is asked, and what is written is valid', async () => {
  const folder = join(dir, 'My Shop 2')
  mkdirSync(folder)
  const told = await meshctl(folder, ['init'])
  expect(told).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('meshctl up') })
  const read = readMeshFile({ text: readFileSync(join(folder, 'mesh.yaml'), 'utf8'), file: 'mesh.yaml', isFolder: () => true })
  expect(read).toMatchObject({ kind: 'read', mesh: { name: 'my-shop-2', config: ['config'] } })
  expect(await meshctl(folder, ['validate', '-f', 'config'])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('0 errors, 0 warnings'),
  })
})

test('flags say name and port, and a folder that is not there is made', async () => {
  expect((await meshctl(dir, ['init', 'new', '--name', 'shop', '--port', '9000'])).stdout).toContain('cd new && meshctl up')
  expect(readFileSync(join(dir, 'new/mesh.yaml'), 'utf8')).toContain('name: shop\n')
  expect(readFileSync(join(dir, 'new/config/ingress.yaml'), 'utf8')).toContain('targetPort: 9000\n')
})

test('nothing is overwritten, and nothing is half written', async () => {
  mkdirSync(join(dir, 'config'))
  writeFileSync(join(dir, 'config/services.yaml'), 'mine')
  expect(await meshctl(dir, ['init'])).toMatchObject({
    code: 1,
    stderr: 'Nothing was written, for this is there already: config/services.yaml.\n',
  })
  expect(readdirSync(dir)).toEqual(['config'])
  rmSync(join(dir, 'config'), { recursive: true })
  await meshctl(dir, ['init'])
  expect(await meshctl(dir, ['init'])).toMatchObject({ code: 1, stderr: expect.stringContaining('mesh.yaml is there already') })
})

test('mistakes in flags are wrong usage', async () => {
  expect(await meshctl(dir, ['init', '--name', 'My Shop'])).toMatchObject({ code: 2, stderr: expect.stringContaining('lower case') })
  expect(await meshctl(dir, ['init', '--port', '70000'])).toMatchObject({ code: 2 })
  expect(existsSync(join(dir, 'mesh.yaml'))).toBe(false)
})

test('each language that is there has its part, and what is not there is not needed', () => {
  const commands = (python: boolean, curl: boolean): readonly string[] => {
    const files = exampleFiles({ name: 'shop', port: 8080, python, curl })
    const read = readMeshFile({ text: files.get('mesh.yaml') ?? '', file: 'mesh.yaml', isFolder: () => true })
    if (read.kind === 'refused') throw new Error(JSON.stringify(read.findings))
    const all = Object.values(read.mesh.processes).map(({ command }) => String(command))
    expect(all.map((one) => one.split(' ')[1]).filter((path) => !files.has(path ?? ''))).toEqual([])
    return all
  }
  expect(commands(true, true)).toEqual(['node app/web.mjs', 'python3 app/greeter.py', 'sh app/caller.sh'])
  expect(commands(false, false)).toEqual(['node app/web.mjs', 'node app/greeter.mjs'])
})

test.runIf(isOnPath('python3', process.env))('the example in Python is read by Python', () => {
  const text = exampleFiles({ name: 'shop', port: 8080, python: true, curl: true }).get('app/greeter.py')
  const told = execFileSync('python3', ['-c', 'import ast, sys; print(len(ast.parse(sys.stdin.read()).body))'], { input: text })
  expect(Number(told)).toBeGreaterThan(0)
})

test('a program is found on the path as a shell would find it', () => {
  writeFileSync(join(dir, 'runs'), '', { mode: 0o700 })
  writeFileSync(join(dir, 'lies'), '', { mode: 0o600 })
  const env = { PATH: `/nowhere:${dir}` }
  expect([isOnPath('runs', env), isOnPath('lies', env), isOnPath('sh', {})]).toEqual([true, false, false])
})
