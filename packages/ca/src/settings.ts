import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fields, orElse, parseSettings, port, settingsFile, text, whole, type ShapeOf } from '@mesh/core/settings'
import { MAX_SETTING_S, MAX_WORKLOAD_TTL_S, WORKLOAD_TTL_S } from './limits.ts'

const shape = fields({
  /** IP literal. */
  address: text(),
  port: orElse(port(), 15012),
  monitoringPort: orElse(port(), 15014),
  /** Keeps the root key; made if missing, readable by its owner alone. */
  stateDir: text(),
  trustDomain: text((name) => /^[a-z0-9._-]{1,255}$/.test(name), 'write a trust domain: lower-case letters, digits, dots and dashes'),
  /** JWK set of the platform's token issuer. */
  jwksFile: text(),
  /** Where the root certificate is written for everybody to read. */
  rootFile: text(),
  /** Life of a certificate whose caller asks for none. */
  workloadTtlSeconds: orElse(whole(1, MAX_SETTING_S), WORKLOAD_TTL_S),
  /** The longest life that a caller may ask for; more is refused. */
  maxWorkloadTtlSeconds: orElse(whole(1, MAX_SETTING_S), MAX_WORKLOAD_TTL_S),
  /** How long after it last showed a token a workload may renew by its certificate alone, and that certificate last; 0: never. */
  renewWithoutTokenSeconds: orElse(whole(0, MAX_SETTING_S), 0),
})

/** What a CA process is told when it starts. Paths are absolute. */
export type CaSettings = ShapeOf<typeof shape>

/** The settings named by `--settings FILE` or MESH_SETTINGS; throws an Error with one sentence when they do not fit. */
export function readSettings(argv: readonly string[], env: Readonly<Record<string, string | undefined>>): CaSettings {
  const file = resolve(settingsFile(argv, env))
  const settings = parseSettings(shape, readFileSync(file, 'utf8'), file)
  if (settings.workloadTtlSeconds > settings.maxWorkloadTtlSeconds)
    throw new Error(`${file}: workloadTtlSeconds is more than maxWorkloadTtlSeconds (${settings.maxWorkloadTtlSeconds}): raise the latter`)
  const path = (name: string): string => resolve(dirname(file), name)
  return { ...settings, stateDir: path(settings.stateDir), jwksFile: path(settings.jwksFile), rootFile: path(settings.rootFile) }
}
