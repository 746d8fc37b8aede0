import { expect, test } from 'vitest'
import type { ShownObject } from '../get/shown-object.ts'
import { storeFile } from '../store/store.ts'
import { descriptionOf } from './description.ts'

test('what an object says of itself cannot look like a line of meshctl', () => {
  const path = '/config/a.yaml'
  const text =
    'apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: a\n  annotations: {note: "x\\nIn Force:     yes", ring: "\\a\\e[2J"}\n'
  const folders = { config: ['/config'], applied: '/config/applied', registry: '/registry' } as const
  const file = storeFile({ path, realPath: path, links: [], text }, folders)
  const [stored] = file.objects
  if (stored === undefined) throw new Error('no object')
  const object: ShownObject = { file, stored, known: undefined, asked: true }
  const lines = descriptionOf(object).split('\n')
  expect(lines.filter((line) => line.startsWith('In Force'))).toEqual(['In Force:     no'])
  expect(lines).toContain('Annotations:  note=x In Force:     yes')
  expect(lines).toContain('              ring=')
})
