import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import {
  endpoint,
  fields,
  flag,
  listOf,
  orElse,
  orNull,
  parseSettings as parse,
  port,
  settingsFile,
  text,
  type ShapeOf,
} from '@mesh/core/settings'

const shape = fields({
  address: text(),
  xdsPort: port(),
  monitoringPort: orElse(port(), 15_014),
  configDirs: listOf(text(), 1),
  registryDirs: orElse(listOf(text()), []),
  trustDomain: orElse(text(), 'cluster.local'),
  cluster: orElse(text(), 'Kubernetes'),
  /** Whether a node with an identity that no WorkloadEntry registers is served too, as a sidecar without labels. */
  allowUnregistered: orElse(flag(), false),
  identity: orNull(fields({ caAddress: endpoint(), tokenFile: text(), rootFile: text() })),
})

/** What a pilot process is told when it starts. Paths are absolute; `identity` null serves plain xDS. */
export type PilotSettings = ShapeOf<typeof shape>

/** The settings named by `--settings FILE` or MESH_SETTINGS; throws an Error with one sentence when they do not fit. */
export function readSettings(argv: readonly string[], env: Readonly<Record<string, string | undefined>>): PilotSettings {
  const file = settingsFile(argv, env)
  return parseSettings(readFileSync(file, 'utf8'), resolve(file))
}

/** Validates settings JSON; relative paths are taken from the folder of its file. */
export function parseSettings(text: string, file: string): PilotSettings {
  const settings = parse(shape, text, file)
  const path = (name: string): string => resolve(dirname(file), name)
  const { identity } = settings
  return {
    ...settings,
    configDirs: settings.configDirs.map(path),
    registryDirs: settings.registryDirs.map(path),
    identity: identity === null ? null : { ...identity, tokenFile: path(identity.tokenFile), rootFile: path(identity.rootFile) },
  }
}
