import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { seeded } from '../running/random.ts'
import { readCorpus } from './corpus.ts'
import { Inputs } from './inputs.ts'
import { TARGETS } from './targets/index.ts'

const CHANGES = 150

for (const target of TARGETS) {
  test(`${target.name}: what is kept, and some changes of it, break no rule`, () => {
    const random = seeded(1)
    for (const [name, bytes] of readCorpus(target.name)) expect(() => target.check(bytes, random), name).not.toThrow()
    const inputs = new Inputs(target)
    expect(inputs.kept.length).toBeGreaterThan(0)
    for (let left = CHANGES; left > 0; left--) {
      const bytes = inputs.changed(random)
      expect(() => target.check(bytes.slice(), random), Buffer.from(bytes).toString('base64')).not.toThrow()
    }
  })
}

test('each folder of the corpus belongs to a target', () => {
  const folders = readdirSync(join(import.meta.dirname, '../corpus'), { withFileTypes: true }).filter((entry) => entry.isDirectory())
  for (const { name } of folders) expect(TARGETS.map((target) => target.name)).toContain(name)
})
