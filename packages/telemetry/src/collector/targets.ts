import { readFile, stat } from 'node:fs/promises'
import { listOf, parseSettings, text } from '@mesh/core/settings'
import { LIMITS } from '../limits.ts'

/** An address of a metrics page. */
export const scrapeUrl = text((url) => URL.parse(url)?.protocol === 'http:', 'write it as http://address:port/path')

const file = listOf(scrapeUrl, 0, LIMITS.scrapeTargets)

export interface TargetSource {
  readonly scrape: readonly string[]
  readonly scrapeFile?: string | undefined
}

/** All pages to scrape now, each once. Rejects when the file cannot be read or is none. */
export async function scrapeTargets({ scrape, scrapeFile }: TargetSource): Promise<readonly string[]> {
  if (scrapeFile === undefined) return [...new Set(scrape)]
  const { size } = await stat(scrapeFile)
  if (size > LIMITS.scrapeFileBytes) throw new Error(`${scrapeFile} is larger than ${LIMITS.scrapeFileBytes} bytes`)
  return [...new Set([...scrape, ...parseSettings(file, await readFile(scrapeFile, 'utf8'), scrapeFile)])]
}
