import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { isIp } from '@mesh/core/config'
import { oneOf, parseSetting, text, whole } from '@mesh/core/settings'
import { memoryLimit, memoryLimitFrom, type MemoryLimit } from '../overload/memory-limit.ts'
import { concurrency, concurrencyFrom, ioPlug, logLevel, numberOf, workersOf, type NodeSettings } from '../settings.ts'

/** What the command line of a proxy without a control plane says. */
export interface StandaloneFlags {
  /** Absolute. */
  readonly directory: string
  /** Undefined: what the registration says, else a gateway. */
  readonly as: 'gateway' | 'sidecar' | undefined
  readonly name: string
  readonly namespace: string
  /** Undefined: those of the registration, else the usual ones. */
  readonly labels: Readonly<Record<string, string>> | undefined
  /** IP literal; undefined: that of the registration, else loopback. */
  readonly address: string | undefined
  readonly ports: NodeSettings['ports']
  readonly concurrency: number
  readonly memoryLimit: MemoryLimit
  readonly io: NodeSettings['io']
  /** Absolute. */
  readonly hotRestart: string | undefined
  readonly logLevel: string
}

const OPTIONS = {
  config: { type: 'string' },
  as: { type: 'string' },
  name: { type: 'string' },
  namespace: { type: 'string' },
  labels: { type: 'string' },
  address: { type: 'string' },
  admin: { type: 'string' },
  health: { type: 'string' },
  metrics: { type: 'string' },
  outbound: { type: 'string' },
  concurrency: { type: 'string' },
  'memory-limit': { type: 'string' },
  io: { type: 'string' },
  'hot-restart': { type: 'string' },
  'log-level': { type: 'string' },
} as const

const kind = oneOf('gateway', 'sidecar')
const address = text(isIp, 'write an IP address')

/** Reads the arguments; throws an Error that names the flag and what to write. */
export function readFlags(argv: readonly string[], env: Readonly<Record<string, string | undefined>>): StandaloneFlags {
  const values = valuesOf(argv)
  const as = values.as === undefined ? undefined : parseSetting(kind, values.as, '--as')
  return {
    directory: resolve(parseSetting(text(), values.config, '--config')),
    as,
    name: parseSetting(text(), values.name ?? (as === 'sidecar' ? 'sidecar' : 'ingress'), '--name'),
    namespace: parseSetting(text(), values.namespace ?? 'default', '--namespace'),
    labels: values.labels === undefined ? undefined : labelsOf(values.labels),
    address: values.address === undefined ? undefined : parseSetting(address, values.address, '--address'),
    ports: {
      admin: portOf(values.admin, '--admin') ?? 15_000,
      health: portOf(values.health, '--health') ?? 15_021,
      metrics: portOf(values.metrics, '--metrics') ?? 15_090,
      outbound: portOf(values.outbound, '--outbound'),
    },
    concurrency: workersOf(
      values.concurrency === undefined
        ? (concurrencyFrom(env) ?? 1)
        : parseSetting(concurrency, numberOf(values.concurrency), '--concurrency'),
    ),
    memoryLimit:
      values['memory-limit'] === undefined
        ? (memoryLimitFrom(env) ?? 'auto')
        : parseSetting(memoryLimit(), values['memory-limit'], '--memory-limit'),
    io: parseSetting(ioPlug, values.io ?? env['MESH_IO'] ?? 'auto', '--io'),
    hotRestart: values['hot-restart'] === undefined ? undefined : resolve(parseSetting(text(), values['hot-restart'], '--hot-restart')),
    logLevel: parseSetting(logLevel, values['log-level'] ?? env['MESH_LOG_LEVEL'] ?? 'info', '--log-level'),
  }
}

function valuesOf(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, strict: true, allowPositionals: false }).values
  } catch (cause) {
    throw new Error(`${cause instanceof Error ? cause.message : String(cause)} (mesh-proxy --help lists what there is)`, { cause })
  }
}

function portOf(written: string | undefined, flag: string): number | undefined {
  if (written === undefined) return undefined
  return parseSetting(whole(0, 65_535), numberOf(written), flag)
}

/** `app=web,version=v1`. */
function labelsOf(written: string): Readonly<Record<string, string>> {
  const pairs = written.split(',').filter((pair) => pair !== '')
  const entries = pairs.map((pair) => {
    const [, key, value] = /^([^=\s]+)=([^=\s]*)$/.exec(pair) ?? []
    if (key === undefined || value === undefined) throw new Error(`--labels: write them as a=b,c=d, not ${JSON.stringify(pair)}`)
    return [key, value] as const
  })
  return Object.fromEntries(entries)
}
