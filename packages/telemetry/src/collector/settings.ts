import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fields, listOf, optional, orElse, parseSettings, port, settingsFile, text, type ShapeOf } from '@mesh/core/settings'
import { LIMITS } from '../limits.ts'
import { scrapeUrl } from './targets.ts'

const shape = fields({
  /** IP literal. */
  address: text(),
  port: orElse(port(), 9411),
  /** Metrics pages of the proxies. */
  scrape: orElse(listOf(scrapeUrl, 0, LIMITS.scrapeTargets), []),
  /** A JSON array of more of them, read again for each scrape. */
  scrapeFile: optional(text()),
})

/** What a collector process is told when it starts. Paths are absolute. */
export type CollectorSettings = ShapeOf<typeof shape>

/** The settings named by `--settings FILE` or MESH_SETTINGS; throws an Error with one sentence when they do not fit. */
export function readSettings(argv: readonly string[], env: Readonly<Record<string, string | undefined>>): CollectorSettings {
  const file = resolve(settingsFile(argv, env))
  const settings = parseSettings(shape, readFileSync(file, 'utf8'), file)
  const { scrapeFile } = settings
  return scrapeFile === undefined ? settings : { ...settings, scrapeFile: resolve(dirname(file), scrapeFile) }
}
