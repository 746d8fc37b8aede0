import { findingOf, loadSources, type Finding, type LoadedSources } from '@mesh/core/config'
import { buildSnapshot } from '@mesh/core/snapshot'
import { EXIT, type ExitCode } from '../output/exit-code.ts'
import { findingLine } from '../output/finding-line.ts'
import { paint, printValue, type Format } from '../output/print.ts'
import { readSources } from './read-sources.ts'

export interface ValidateOptions {
  readonly paths: readonly string[]
  readonly recursive: boolean
  readonly output: Format
}

/** `meshctl validate`: what is to be said about configuration, and whether any of it is an error. */
export async function runValidate(options: ValidateOptions): Promise<ExitCode> {
  const unread: Finding[] = []
  const sources = await readSources(options.paths, options.recursive, (path, reason) => unread.push(unreadable(path, reason)))
  const loaded = loadSources(sources)
  const findings = [...unread, ...(holdsServices(loaded) ? buildSnapshot({ sources }).findings : loaded.findings)]
  const errors = findings.filter((finding) => finding.severity === 'error').length
  const summary = {
    files: sources.length + unread.length,
    objects: loaded.objects.length,
    errors,
    warnings: findings.filter((one) => one.severity === 'warning').length,
  }
  await printValue(options.output, { ...summary, findings }, () =>
    [...findings.map((one) => findingLine(one, { cwd: process.cwd() })), summaryLine(summary)].join('\n'),
  )
  return errors === 0 ? EXIT.ok : EXIT.negative
}

function unreadable(file: string, reason: string): Finding {
  const origin = { kind: 'Document', namespace: '', name: '', file }
  return findingOf('MESH0001', { origin, message: `The file cannot be read: ${reason}.` })
}

/** Only where services are there too can be said that a name leads nowhere. */
function holdsServices(loaded: LoadedSources): boolean {
  return loaded.objects.some((object) => object.kind === 'Service' || object.kind === 'ServiceEntry')
}

function summaryLine(summary: {
  readonly files: number
  readonly objects: number
  readonly errors: number
  readonly warnings: number
}): string {
  const { files, objects, errors, warnings } = summary
  const valid = errors === 0 ? paint('green', 'valid') : paint('red', 'not valid')
  return `${valid}: ${count(objects, 'good object')} in ${count(files, 'file')}, ${count(errors, 'error')}, ${count(warnings, 'warning')}`
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`
}
