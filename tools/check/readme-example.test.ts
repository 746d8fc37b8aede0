import { expect, test } from 'vitest'
import { exampleOf, requiring } from './readme-example.ts'

test('the example is the first block of JavaScript', () => {
  expect(exampleOf('# A\n```sh\nnpm i\n```\n```js\none()\n```\n```js\ntwo()\n```\n')).toBe('one()\n')
  expect(exampleOf('# A\n```sh\nnpm i\n```\n')).toBeUndefined()
})

test('imports become require, and await keeps working', () => {
  const program = "import { a, b as c } from '@mesh/core'\nimport fs from 'node:fs'\n\nawait a(c, fs)\n"
  expect(requiring(program)).toContain("const { a, b: c } = require('@mesh/core')\nconst fs = require('node:fs')\nasync function main() {")
  expect(requiring(program)).toContain('await a(c, fs)')
})
