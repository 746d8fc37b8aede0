import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { FINDING_CODES, loadSources } from '../../../../packages/core/src/config/index.ts'
import { compileView, nodesOf } from '../../../../packages/core/src/compile/index.ts'
import { buildSnapshot } from '../../../../packages/core/src/snapshot/index.ts'
import { Broken, type Target } from '../target.ts'

const ROOT = resolve(import.meta.dirname, '../../../..')
const CASES = join(ROOT, 'packages/core/src/compile/testdata')
const MAX_SEED_BYTES = 3000

/** Texts of configuration: YAML, objects, and the views that come of them. */
export const CONFIG: readonly Target[] = [
  {
    name: 'yaml',
    seeds: () => texts(join(ROOT, 'samples/standalone')),
    check: (bytes) => {
      const { objects, findings } = loadSources([{ file: 'a.yaml', text: Buffer.from(bytes).toString() }])
      for (const { code, origin } of findings) {
        if (!(code in FINDING_CODES)) throw new Broken(`${code} is no code of a finding`)
        if (origin.line !== undefined && origin.line < 1) throw new Broken(`a finding at line ${origin.line}`)
      }
      return [...objects.map(({ kind }) => kind), ...findings.map(({ code }) => code)].join()
    },
  },
  {
    name: 'objects',
    seeds: () => texts(CASES),
    check: (bytes) => {
      const snapshot = buildSnapshot({ sources: [{ file: 'a.yaml', text: Buffer.from(bytes).toString() }] })
      const ways = new Set(snapshot.findings.map(({ code }) => code))
      for (const node of nodesOf(snapshot)) {
        const view = compileView(snapshot, node, ({ code, message }) => {
          if (code === 'MESH0901') throw new Broken(`the compiler failed: ${message}`)
          ways.add(code)
        })
        JSON.stringify(view)
      }
      return [...ways].toSorted().join()
    },
  },
]

/** Of a folder; large ones would only make each change slower. */
function texts(folder: string): readonly Uint8Array[] {
  const all = readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => Uint8Array.from(readFileSync(join(folder, name))))
  return all.filter(({ length }) => length <= MAX_SEED_BYTES)
}
