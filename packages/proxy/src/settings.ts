import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { NodeSelf } from '@mesh/core/view'
import { parseSettings, settingsFile, z } from '@mesh/core/schema'

const endpoint = z.string().regex(/^(\d{1,3}(\.\d{1,3}){3}|\[[0-9a-fA-F:.]+\]|[a-z0-9.-]+):\d{1,5}$/, 'write it as address:port')
const port = z.number().int().min(0).max(65535)

const logLevel = z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])

const ports = z.strictObject({
  admin: port.default(15000),
  outbound: port.optional(),
  health: port.default(15021),
  metrics: port.default(15090),
})

const node = z.strictObject({
  kind: z.enum(['sidecar', 'gateway']),
  name: z.string().min(1),
  namespace: z.string().min(1),
  serviceAccount: z.string().min(1),
  workload: z.string().min(1),
  labels: z.record(z.string(), z.string()).default({}),
  address: z.string().min(1),
  cluster: z.string().default('Kubernetes'),
  trustDomain: z.string().default('cluster.local'),
  capture: z.literal('none').default('none'),
})

const identity = z.strictObject({ caAddress: endpoint, tokenFile: z.string().min(1), rootFile: z.string().min(1) })

const schema = z.strictObject({
  node,
  adminAddress: z.string().default('127.0.0.1'),
  ports: ports.prefault({}),
  pilotAddress: endpoint,
  identity: identity.nullable(),
  stateDir: z.string().min(1),
  xdsMode: z.enum(['delta', 'sotw']).default('delta'),
  localAddress: z.string().optional(),
  logLevel: logLevel.default('info'),
})

/** What a proxy process is told when it starts; all else comes from pilot. Paths are absolute. */
export interface ProxySettings {
  readonly node: NodeSelf
  /** Loopback address of the admin interface. */
  readonly adminAddress: string
  /** `outbound` undefined: as the view says. */
  readonly ports: { readonly admin: number; readonly outbound: number | undefined; readonly health: number; readonly metrics: number }
  /** `ip:port`. */
  readonly pilotAddress: string
  /** Null: no certificate authority, hence no mesh TLS. */
  readonly identity: { readonly caAddress: string; readonly tokenFile: string; readonly rootFile: string } | null
  readonly stateDir: string
  readonly xdsMode: 'delta' | 'sotw'
  /** Source address of upstream connections. */
  readonly localAddress: string | undefined
  readonly logLevel: string
}

type Env = Readonly<Record<string, string | undefined>>

/** The settings named by `--settings FILE` or MESH_SETTINGS; throws an Error with one sentence when they do not fit. */
export function readSettings(argv: readonly string[], env: Env): ProxySettings {
  const file = resolve(settingsFile(argv, env))
  return settingsOf(readFileSync(file, 'utf8'), { file, env })
}

/** Validates settings JSON; MESH_PILOT_ADDRESS and MESH_LOG_LEVEL replace what it says. */
export function settingsOf(text: string, from: { readonly file: string; readonly env: Env }): ProxySettings {
  const { node: self, identity: ids, ...rest } = parseSettings(schema, text, from.file)
  const path = (name: string): string => resolve(dirname(from.file), name)
  return {
    ...rest,
    ports: { ...rest.ports, outbound: rest.ports.outbound },
    pilotAddress: endpoint.parse(from.env['MESH_PILOT_ADDRESS'] ?? rest.pilotAddress),
    logLevel: logLevel.parse(from.env['MESH_LOG_LEVEL'] ?? rest.logLevel),
    node: { ...self, identity: ids !== null },
    identity: ids === null ? null : { caAddress: ids.caAddress, tokenFile: path(ids.tokenFile), rootFile: path(ids.rootFile) },
    stateDir: path(rest.stateDir),
    localAddress: rest.localAddress,
  }
}
