import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { NodeSelf } from '@mesh/core/view'
import { z } from '@mesh/core/schema'

const endpoint = z.string().regex(/^(\d{1,3}(\.\d{1,3}){3}|\[[0-9a-fA-F:.]+\]|[a-z0-9.-]+):\d{1,5}$/, 'write it as address:port')
const port = z.number().int().min(0).max(65535)

const ports = z.strictObject({
  admin: port.default(15000),
  outbound: port.default(15001),
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
  logLevel: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
})

/** What a proxy process is told when it starts; all else comes from pilot. Paths are absolute. */
export interface ProxySettings {
  readonly node: NodeSelf
  /** Loopback address of the admin interface. */
  readonly adminAddress: string
  readonly ports: { readonly admin: number; readonly outbound: number; readonly health: number; readonly metrics: number }
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

/** The settings named by `--settings FILE` or MESH_SETTINGS; throws an Error with one sentence when they do not fit. */
export function readSettings(argv: readonly string[], env: Readonly<Record<string, string | undefined>>): ProxySettings {
  const flag = argv.indexOf('--settings')
  const file = flag >= 0 ? argv[flag + 1] : env['MESH_SETTINGS']
  if (file === undefined) throw new Error('Say where the settings are: --settings FILE or MESH_SETTINGS=FILE.')
  return parseSettings(readFileSync(file, 'utf8'), { file: resolve(file), env })
}

/** Validates settings JSON; MESH_PILOT_ADDRESS and MESH_LOG_LEVEL replace what it says. */
export function parseSettings(
  text: string,
  from: { readonly file: string; readonly env?: Readonly<Record<string, string | undefined>> },
): ProxySettings {
  const result = schema.safeParse(override(parseJson(text, from.file), from.env ?? {}))
  if (!result.success) throw new Error(`${from.file}: ${sentence(result.error)}`)
  const { node: self, identity: ids, ...rest } = result.data
  const path = (name: string): string => resolve(dirname(from.file), name)
  return {
    ...rest,
    node: { ...self, identity: ids !== null },
    identity: ids === null ? null : { caAddress: ids.caAddress, tokenFile: path(ids.tokenFile), rootFile: path(ids.rootFile) },
    stateDir: path(rest.stateDir),
    localAddress: rest.localAddress,
  }
}

function override(value: unknown, env: Readonly<Record<string, string | undefined>>): unknown {
  if (typeof value !== 'object' || value === null) return value
  const pilotAddress = env['MESH_PILOT_ADDRESS']
  const logLevel = env['MESH_LOG_LEVEL']
  return { ...value, ...(pilotAddress === undefined ? {} : { pilotAddress }), ...(logLevel === undefined ? {} : { logLevel }) }
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new Error(`${file} is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
}

function sentence(error: z.ZodError): string {
  return error.issues.map((issue) => `${issue.path.join('.') || 'settings'}: ${issue.message}`).join('; ')
}
