import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { parseSettings, settingsFile, z } from '@mesh/core/schema'
import { MAX_WORKLOAD_TTL_S, WORKLOAD_TTL_S } from './limits.ts'

const port = z.number().int().min(0).max(65535)

const schema = z.strictObject({
  /** IP literal. */
  address: z.string().min(1),
  port: port.default(15012),
  monitoringPort: port.default(15014),
  /** Keeps the root key; made if missing, readable by its owner alone. */
  stateDir: z.string().min(1),
  trustDomain: z.string().regex(/^[a-z0-9._-]{1,255}$/, 'write a trust domain: lower-case letters, digits, dots and dashes'),
  /** JWK set of the platform's token issuer. */
  jwksFile: z.string().min(1),
  /** Where the root certificate is written for everybody to read. */
  rootFile: z.string().min(1),
  workloadTtlSeconds: z.number().int().min(1).max(MAX_WORKLOAD_TTL_S).default(WORKLOAD_TTL_S),
})

/** What a CA process is told when it starts. Paths are absolute. */
export type CaSettings = z.output<typeof schema>

/** The settings named by `--settings FILE` or MESH_SETTINGS; throws an Error with one sentence when they do not fit. */
export function readSettings(argv: readonly string[], env: Readonly<Record<string, string | undefined>>): CaSettings {
  const file = resolve(settingsFile(argv, env))
  const settings = parseSettings(schema, readFileSync(file, 'utf8'), file)
  const path = (name: string): string => resolve(dirname(file), name)
  return { ...settings, stateDir: path(settings.stateDir), jwksFile: path(settings.jwksFile), rootFile: path(settings.rootFile) }
}
