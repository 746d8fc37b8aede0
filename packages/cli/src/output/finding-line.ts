import { relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Finding } from '@mesh/core/config'
import { originName } from '@mesh/core/origin'
import { findingPageFile, isFindingCode } from '../finding/page-file.ts'
import { shownPlace, shownSentence } from './place.ts'
import { hyperlink, paint } from './print.ts'
import { safeLine } from './terminal-safe.ts'

export interface FindingLineOptions {
  /** Places are told from here. */
  readonly cwd: string
  /** One more sentence, after what to do. */
  readonly more?: string
}

/** `FILE:LINE:COL: severity CODE sentence. What to do. (object) See PAGE`: how every command tells a finding. */
export function findingLine(finding: Finding, { cwd, more }: FindingLineOptions): string {
  const { origin, severity, code, message, fix } = finding
  const object = origin.name === '' ? undefined : `(${originName(origin)})`
  const said = [
    `${safeLine(shownPlace(origin, cwd))}:`,
    paint(COLOURS[severity] ?? 'red', severity),
    ...[code, message, fix, more, object].map((part) => (part === undefined ? undefined : safeLine(shownSentence(part, cwd)))),
    whereToRead(code, cwd),
  ]
  return said.filter((part) => part !== undefined).join(' ')
}

/** Where the page of a code is: its file in a checkout, a link on a terminal; elsewhere the command that prints it. */
export function whereToRead(code: string, cwd: string): string | undefined {
  if (!isFindingCode(code)) return undefined
  const file = findingPageFile(code, cwd)
  return file === undefined ? `See: meshctl finding ${code}` : `See ${hyperlink(relative(cwd, file), pathToFileURL(file).href)}`
}

const COLOURS = { error: 'red', warning: 'yellow', info: 'cyan' } as const
