import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { lastWords } from './last-words.ts'

const NODE = `begins
node:internal/modules/run_main:107
    triggerUncaughtException(
    ^

Error [ERR_MODULE_NOT_FOUND]: Cannot find module '/x/web.mjs'
    at finalizeResolution (node:internal/modules/esm/resolve:275:11) {
  code: 'ERR_MODULE_NOT_FOUND'
}

Node.js v26.10.0
`
const PYTHON = `Traceback (most recent call last):
  File "greeter.py", line 3, in <module>
    x()
NameError: name 'x' is not defined
`
const GO = `panic: it is broken

goroutine 1 [running]:
exit status 2
`

test.each([
  ['Node', NODE, "Error [ERR_MODULE_NOT_FOUND]: Cannot find module '/x/web.mjs'"],
  ['Python', PYTHON, "NameError: name 'x' is not defined"],
  ['Go', GO, 'panic: it is broken'],
  ['a shell', 'sh: 1: nope: not found\n', 'sh: 1: nope: not found'],
  ['one who paints', '\u001b[31mred \u001b[2J\u001b]0;title\u0007\u009b1m\n', 'red 1m'],
  [
    'a plane',
    '{"level":"error","msg":"could not start","reason":"no port"}\n{"level":"info","msg":"bye"}\n',
    'error: could not start: no port',
  ],
  ['a proxy that is well', '{"level":"info","msg":"view in force"}\n', undefined],
  ['nobody', '\n', undefined],
  ['one who says much', `error: ${'x'.repeat(500)}\n`, `error: ${'x'.repeat(193)}...`],
])('of what %s says the line that tells of the error is told', (_, text, told) => {
  const dir = mkdtempSync(join(tmpdir(), 'mesh-words-'))
  try {
    writeFileSync(join(dir, 'log'), text)
    expect(lastWords(join(dir, 'log'))).toBe(told)
  } finally {
    rmSync(dir, { recursive: true })
  }
})

test('where there is no log nothing was said', () => {
  expect(lastWords('/nowhere/log')).toBeUndefined()
})
