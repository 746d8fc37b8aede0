import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { parseSettings, settingsFile, z } from '@mesh/core/schema'
import { LIMITS } from '../limits.ts'
import { scrapeUrl } from './targets.ts'

const schema = z.strictObject({
  /** IP literal. */
  address: z.string().min(1),
  port: z.number().int().min(0).max(65535).default(9411),
  /** Metrics pages of the proxies. */
  scrape: z.array(scrapeUrl).max(LIMITS.scrapeTargets).default([]),
  /** A JSON array of more of them, read again for each scrape. */
  scrapeFile: z.string().min(1).optional(),
})

/** What a collector process is told when it starts. Paths are absolute. */
export type CollectorSettings = z.output<typeof schema>

/** The settings named by `--settings FILE` or MESH_SETTINGS; throws an Error with one sentence when they do not fit. */
export function readSettings(argv: readonly string[], env: Readonly<Record<string, string | undefined>>): CollectorSettings {
  const file = resolve(settingsFile(argv, env))
  const settings = parseSettings(schema, readFileSync(file, 'utf8'), file)
  const { scrapeFile } = settings
  return scrapeFile === undefined ? settings : { ...settings, scrapeFile: resolve(dirname(file), scrapeFile) }
}
