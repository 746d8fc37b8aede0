import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { FINDING_CODES, findingPage, type FindingCode } from '@mesh/core/config'

/** Where the page about a code is: its file in a checkout of this project, none elsewhere; undefined for a code that nobody knows. */
export function findingPageFile(code: string): { readonly file: string | undefined } | undefined {
  if (!isFindingCode(code)) return undefined
  const known = FILES.get(code)
  if (known !== undefined) return known
  const path = fileURLToPath(new URL(findingPage(code), ROOT))
  const found = { file: existsSync(path) ? path : undefined }
  FILES.set(code, found)
  return found
}

/** Findings come from files and over the network: what they call a code need not be one. */
export function isFindingCode(code: string): code is FindingCode {
  return Object.hasOwn(FINDING_CODES, code)
}

/** The checkout; of an installed package a folder without these pages. */
const ROOT = new URL('../../../../', import.meta.url)

const FILES = new Map<FindingCode, { readonly file: string | undefined }>()
