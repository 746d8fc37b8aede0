import { compatReport, type CompatEntry } from '@mesh/core/compat'
import { EXIT, type ExitCode } from '../output/exit-code.ts'
import { printValue, type Format } from '../output/print.ts'
import { readSources } from '../validate/read-sources.ts'
import { compatText } from './compat-text.ts'
import { countUses } from './count-uses.ts'

export interface CompatOptions {
  readonly paths: readonly string[]
  readonly recursive: boolean
  readonly output: Format
  /** Tells what works, too. */
  readonly all: boolean
  /** What is ignored counts as well. */
  readonly strict: boolean
}

/** `meshctl compat`: what becomes of each field, and whether anything is refused. */
export async function runCompat({ paths, recursive, output, all, strict }: CompatOptions): Promise<ExitCode> {
  const unread: CompatEntry[] = []
  const sources = await readSources(paths, recursive, (path, reason) => unread.push(unreadable(path, reason)))
  const report = compatReport(sources)
  const entries = [...unread, ...report.entries]
  const counts = countUses(entries)
  const whole = { files: report.files + unread.length, objects: report.objects, ...counts.all, kinds: counts.kinds, entries }
  await printValue(output, whole, () => compatText(whole, { all, cwd: process.cwd() }))
  return counts.all.refused > 0 || (strict && counts.all.ignored > 0) ? EXIT.negative : EXIT.ok
}

function unreadable(file: string, reason: string): CompatEntry {
  const message = `The file cannot be read: ${reason}.`
  return { kind: 'Document', field: '', effect: 'refused', code: 'MESH0001', message, places: [{ object: 'Document', file }] }
}
