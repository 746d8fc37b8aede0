import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { parseSettings as parse, settingsFile, z } from '@mesh/core/schema'

const Port = z.int().min(0).max(65_535)
const Endpoint = z.string().regex(/^(?:\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-fA-F:.]+\]|[a-z0-9.-]+):\d{1,5}$/, 'write it as address:port')

const Settings = z.strictObject({
  address: z.string().min(1),
  xdsPort: Port,
  monitoringPort: Port.default(15_014),
  configDirs: z.array(z.string().min(1)).min(1),
  registryDirs: z.array(z.string().min(1)).default([]),
  trustDomain: z.string().min(1).default('cluster.local'),
  cluster: z.string().min(1).default('Kubernetes'),
  /** Whether a node with an identity that no WorkloadEntry registers is served too, as a sidecar without labels. */
  allowUnregistered: z.boolean().default(false),
  identity: z.strictObject({ caAddress: Endpoint, tokenFile: z.string().min(1), rootFile: z.string().min(1) }).nullable(),
})

/** What a pilot process is told when it starts. Paths are absolute; `identity` null serves plain xDS. */
export type PilotSettings = z.infer<typeof Settings>

/** The settings named by `--settings FILE` or MESH_SETTINGS; throws an Error with one sentence when they do not fit. */
export function readSettings(argv: readonly string[], env: Readonly<Record<string, string | undefined>>): PilotSettings {
  const file = settingsFile(argv, env)
  return parseSettings(readFileSync(file, 'utf8'), resolve(file))
}

/** Validates settings JSON; relative paths are taken from the folder of its file. */
export function parseSettings(text: string, file: string): PilotSettings {
  const settings = parse(Settings, text, file)
  const path = (name: string): string => resolve(dirname(file), name)
  const { identity } = settings
  return {
    ...settings,
    configDirs: settings.configDirs.map(path),
    registryDirs: settings.registryDirs.map(path),
    identity: identity === null ? null : { ...identity, tokenFile: path(identity.tokenFile), rootFile: path(identity.rootFile) },
  }
}
