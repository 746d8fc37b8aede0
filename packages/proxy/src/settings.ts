import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { dirname, resolve } from 'node:path'
import type { NodeSelf } from '@mesh/core/view'
import {
  endpoint,
  fields,
  oneOf,
  optional,
  orElse,
  orNull,
  parseSetting,
  parseSettings,
  port,
  settingsFile,
  text,
  texts,
  whole,
} from '@mesh/core/settings'
import { LIMITS } from './limits.ts'
import { memoryLimit, memoryLimitFrom, type MemoryLimit } from './overload/memory-limit.ts'

/** How much the log says. */
export const logLevel = oneOf('trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent')

/** What sockets and TLS are made of: `auto` is the fast plug where this machine and this Node can. */
export const ioPlug = oneOf('auto', 'fast', 'portable')

/** Istio's `concurrency`: so many workers, 0 as many as there are cores. */
export const concurrency = whole(0, LIMITS.workers)

/** How many workers a number of the settings means. */
export function workersOf(written: number): number {
  return written === 0 ? Math.min(availableParallelism(), LIMITS.workers) : written
}

const ports = fields({
  admin: orElse(port(), 15000),
  outbound: optional(port()),
  health: orElse(port(), 15021),
  metrics: orElse(port(), 15090),
})

const node = fields({
  kind: oneOf('sidecar', 'gateway'),
  name: text(),
  namespace: text(),
  serviceAccount: text(),
  workload: text(),
  labels: orElse(texts(), {}),
  address: text(),
  cluster: orElse(text(), 'Kubernetes'),
  trustDomain: orElse(text(), 'cluster.local'),
  capture: orElse(oneOf('none'), 'none'),
})

const shape = fields({
  node,
  adminAddress: orElse(text(), '127.0.0.1'),
  ports: orElse(ports, {}),
  pilotAddress: endpoint(),
  identity: orNull(fields({ caAddress: endpoint(), tokenFile: text(), rootFile: text() })),
  stateDir: text(),
  xdsMode: orElse(oneOf('delta', 'sotw'), 'delta'),
  localAddress: optional(text()),
  headersWithUnderscores: orElse(oneOf('reject', 'drop', 'allow'), 'reject'),
  concurrency: orElse(concurrency, 1),
  memoryLimit: orElse(memoryLimit(), 'auto'),
  io: orElse(ioPlug, 'auto'),
  hotRestart: optional(text()),
  logLevel: orElse(logLevel, 'info'),
})

/** What any proxy process is told when it starts. Paths are absolute. */
export interface NodeSettings {
  readonly node: NodeSelf
  /** Loopback address of the admin interface. */
  readonly adminAddress: string
  /** `outbound` undefined: as the view says. */
  readonly ports: { readonly admin: number; readonly outbound: number | undefined; readonly health: number; readonly metrics: number }
  /** Null: no certificate authority, hence no mesh TLS. */
  readonly identity: { readonly caAddress: string; readonly tokenFile: string; readonly rootFile: string } | null
  /** Source address of upstream connections. */
  readonly localAddress: string | undefined
  /** What a gateway does with header names that hold an underscore. */
  readonly headersWithUnderscores: 'reject' | 'drop' | 'allow'
  /** Workers that carry the traffic, each on a thread of its own; 1: the main thread does, and there is no other. */
  readonly concurrency: number
  /** How much memory the process may use, before it turns callers away. */
  readonly memoryLimit: MemoryLimit
  /** What sockets and TLS are made of; `fast` fails where it cannot be had, `auto` takes what can. */
  readonly io: 'auto' | 'fast' | 'portable'
  /** Path of the Unix socket at which a predecessor and its successor meet; undefined: neither. */
  readonly hotRestart: string | undefined
  readonly logLevel: string
}

/** What a proxy of a mesh is told; all else comes from pilot. */
export interface ProxySettings extends NodeSettings {
  /** `ip:port`. */
  readonly pilotAddress: string
  /** Where the last good view is kept. */
  readonly stateDir: string
  readonly xdsMode: 'delta' | 'sotw'
}

type Env = Readonly<Record<string, string | undefined>>

/** The settings named by `--settings FILE` or MESH_SETTINGS; throws an Error with one sentence when they do not fit. */
export function readSettings(argv: readonly string[], env: Env): ProxySettings {
  const file = resolve(settingsFile(argv, env))
  return settingsOf(readFileSync(file, 'utf8'), { file, env })
}

/** Validates settings JSON; MESH_PILOT_ADDRESS, MESH_CONCURRENCY, MESH_MEMORY_LIMIT, MESH_LOG_LEVEL and MESH_IO replace what it says. */
export function settingsOf(text: string, from: { readonly file: string; readonly env: Env }): ProxySettings {
  const { node: self, identity: ids, ...rest } = parseSettings(shape, text, from.file)
  const path = (name: string): string => resolve(dirname(from.file), name)
  return {
    ...rest,
    ports: { ...rest.ports, outbound: rest.ports.outbound },
    pilotAddress: parseSetting(endpoint(), from.env['MESH_PILOT_ADDRESS'] ?? rest.pilotAddress, 'MESH_PILOT_ADDRESS'),
    concurrency: workersOf(concurrencyFrom(from.env) ?? rest.concurrency),
    memoryLimit: memoryLimitFrom(from.env) ?? rest.memoryLimit,
    io: parseSetting(ioPlug, from.env['MESH_IO'] ?? rest.io, 'MESH_IO'),
    logLevel: parseSetting(logLevel, from.env['MESH_LOG_LEVEL'] ?? rest.logLevel, 'MESH_LOG_LEVEL'),
    node: { ...self, identity: ids !== null },
    identity: ids === null ? null : { caAddress: ids.caAddress, tokenFile: path(ids.tokenFile), rootFile: path(ids.rootFile) },
    stateDir: path(rest.stateDir),
    localAddress: rest.localAddress,
    hotRestart: rest.hotRestart === undefined ? undefined : path(rest.hotRestart),
  }
}

/** What MESH_CONCURRENCY says, if it is set. */
export function concurrencyFrom(env: Env): number | undefined {
  const written = env['MESH_CONCURRENCY']
  return written === undefined ? undefined : parseSetting(concurrency, numberOf(written), 'MESH_CONCURRENCY')
}

/** A number of a command line or of the environment; what is none is left for the message to show. */
export function numberOf(written: string): number | string {
  return /^\d+$/.test(written) ? Number(written) : written
}
