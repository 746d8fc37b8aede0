import { mendSource, type MendChange, type Mended } from '@mesh/core/compat'
import type { ConfigSource } from '@mesh/core/config'
import { EXIT, type ExitCode } from '../output/exit-code.ts'
import { shownPath } from '../output/place.ts'
import { print, printValue, type Format } from '../output/print.ts'
import { safeLine } from '../output/terminal-safe.ts'
import { readSources } from '../validate/read-sources.ts'
import { replaceTexts } from './replace-texts.ts'

export interface FixOptions {
  readonly paths: readonly string[]
  readonly recursive: boolean
  readonly output: Format
  readonly dryRun: boolean
}

/** `meshctl compat --fix`: writes configuration as it is written today, and tells what it changed; 1 where something old must stay. */
export async function runFix({ paths, recursive, output, dryRun }: FixOptions): Promise<ExitCode> {
  const fixed = (await readSources(paths, recursive)).map((source) => ({ source, mended: mendSource(source) }))
  const mendedFiles = fixed.filter(({ source, mended }) => source.file !== STDIN && mended.changes.length > 0)
  if (!dryRun) replaceTexts(mendedFiles.map(({ source: { file, text }, mended }) => ({ path: file, before: text, after: mended.text })))
  const piped = dryRun ? undefined : fixed.find(({ source }) => source.file === STDIN)
  if (piped !== undefined) await print(piped.mended.text)
  const changed = fixed.map(({ source: { file }, mended: { changes, kept } }) => ({ file, changes, kept }))
  if (piped === undefined) await printValue(output, { dryRun, files: changed }, () => changesText(fixed, dryRun))
  else process.stderr.write(`${changesText(fixed, dryRun)}\n`)
  return fixed.some(({ mended }) => mended.kept.length > 0) ? EXIT.negative : EXIT.ok
}

/** How standard input is named as a source. */
const STDIN = 'stdin'

const STAYS = 'stays: what stands around it would change too. Write it anew by hand.'

interface Fixed {
  readonly source: ConfigSource
  readonly mended: Mended
}

function changesText(fixed: readonly Fixed[], dryRun: boolean): string {
  const lines = fixed.flatMap(({ source, mended: { changes, kept } }) => [
    ...changes.map(
      (change) => `${placeOf(source, change)}: ${change.from} → ${change.to === '' ? 'left out' : change.to} (${change.what})`,
    ),
    ...kept.map((change) => `${placeOf(source, change)}: ${change.from} ${STAYS} (${change.what})`),
  ])
  const count = fixed.reduce((sum, { mended }) => sum + mended.changes.length, 0)
  const files = fixed.filter(({ mended }) => mended.changes.length > 0).length
  const did = dryRun ? 'would be made' : 'made'
  return [
    ...lines.map(safeLine),
    count === 0
      ? 'nothing to change'
      : `${count} ${count === 1 ? 'change' : 'changes'} ${did} in ${files} ${files === 1 ? 'file' : 'files'}`,
  ].join('\n')
}

function placeOf({ file }: ConfigSource, { line, column }: MendChange): string {
  return `${shownPath(file)}:${line}:${column}`
}
