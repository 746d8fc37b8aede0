import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const folder = fileURLToPath(new URL('../..', import.meta.url))

test('the example of the README runs and ends by itself', async () => {
  const readme = readFileSync(`${folder}README.md`, 'utf8')
  const program = /```js\n([\s\S]*?)```/.exec(readme)?.[1] ?? ''
  const run = promisify(execFile)
  const { stdout } = await run(process.execPath, ['--conditions=@mesh/source', '--input-type=module', '-e', program], { cwd: folder })
  expect(stdout).toContain('2000 ms for all tries')
  expect(stdout.trimEnd().split('\n').at(-1)).toBe('reviews saw /reviews/0')
})
