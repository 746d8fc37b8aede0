import { existsSync } from 'node:fs'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { FINDING_CODES, findingPage, type FindingCode } from '@mesh/core/config'

/** The file of the page about a code, for somebody who is in a checkout of this project; undefined elsewhere. */
export function findingPageFile(code: FindingCode, cwd: string): string | undefined {
  const path = fileURLToPath(new URL(findingPage(code), CHECKOUT))
  return isInside(cwd) && existsSync(path) ? path : undefined
}

/** Findings come from files and over the network: what they call a code need not be one. */
export function isFindingCode(code: string): code is FindingCode {
  return Object.hasOwn(FINDING_CODES, code)
}

/** Of an installed package this is a folder without these pages. */
const CHECKOUT = new URL('../../../../', import.meta.url)

function isInside(folder: string): boolean {
  return !relative(fileURLToPath(CHECKOUT), folder).startsWith('..')
}
