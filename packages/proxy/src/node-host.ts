import type { SvidSource } from '@mesh/core/identity'
import { troubleText, type Trouble } from '@mesh/core/call'
import type { Io } from '@mesh/io'
import type { Logger } from '@mesh/telemetry'
import { ownNumbers, type NodeNumbers } from './admin/node-numbers.ts'
import { createNodePlane, type NodePlane } from './node-plane.ts'
import type { CurrentIdentity } from './identity/mesh-identity.ts'
import { openSinks } from './observe/sinks.ts'
import { SharedLevel } from './overload/level.ts'
import { startWatch } from './overload/start-watch.ts'
import type { NodeSettings } from './settings.ts'

/** What carries the traffic of a node: this thread, or workers. */
export interface NodeHost {
  readonly plane: NodePlane
  readonly numbers: NodeNumbers
  setLogLevel(level: string): void
  /** Ends connections at once, and what is left of logs and spans is sent. */
  close(): Promise<void>
}

export interface HostOptions {
  readonly settings: NodeSettings
  readonly log: Logger
  readonly io: Io
  readonly source: SvidSource | undefined
  readonly onFault: (error: unknown) => void
  readonly inherited: (address: string, port: number) => number | undefined
}

/** Opens it, without listeners; it tells the log what happens to it. Rejects when workers cannot be had. */
export async function openHost(options: HostOptions): Promise<NodeHost> {
  const { settings, log, source } = options
  const onIdentity = ({ svid }: CurrentIdentity): void =>
    log.info({ spiffeId: svid.spiffeId, notAfter: new Date(svid.notAfterMs).toISOString() }, 'identity')
  const host = settings.concurrency === 1 ? hostHere(options, onIdentity) : await hostInWorkers(options, onIdentity)
  host.plane.listeners.watch(({ listener, reason }) => {
    if (reason === undefined) log.info({ listener }, 'listener bound after all')
    else log.warn({ listener, reason }, 'listener not bound: it is tried again until it can be')
  })
  if (source === undefined) log.warn('no certificate authority is configured: mesh traffic is not protected by TLS')
  return host
}

function hostHere(options: HostOptions, onIdentity: (current: CurrentIdentity) => void): NodeHost {
  const { settings, log, io } = options
  const sinks = openSinks({
    engine: () => plane.engine,
    onProblem: (message) => log.warn({ message }, 'spans'),
    onTrouble: (trouble, leftOut) => log.warn(troubleFields(trouble, leftOut), troubleText(trouble)),
  })
  const overload = new SharedLevel()
  const plane = createNodePlane({ ...options, sinks, onIdentity, overload })
  const watch = startWatch({ setting: settings.memoryLimit, timers: io.timers, log, level: overload })
  return {
    plane,
    numbers: ownNumbers(plane, sinks, watch.numbers),
    setLogLevel: () => undefined,
    async close() {
      watch.stop()
      plane.close()
      await sinks.close()
    },
  }
}

/** What workers need is loaded by who has them alone. */
async function hostInWorkers(options: HostOptions, onIdentity: (current: CurrentIdentity) => void): Promise<NodeHost> {
  if (!DEALING.has(process.platform))
    throw new Error(
      `Concurrency above 1: ${process.platform} does not deal the connections of one port out to several workers; leave it at 1.`,
    )
  const { Fleet } = await import('./workers/fleet.ts')
  const fleet = new Fleet({ ...options, onIdentity, onAllHung: endProcess })
  await fleet.start()
  return { plane: fleet, numbers: fleet, setLogLevel: (level) => fleet.setLogLevel(level), close: () => fleet.close() }
}

/** Who started the process starts it again. */
function endProcess(): never {
  throw new Error('All workers hang, and none can be ended by itself: the process ends.')
}

/** Systems that do (`SO_REUSEPORT` as Linux has it), and where Node asks for it. */
const DEALING: ReadonlySet<string> = new Set(['linux', 'freebsd', 'sunos', 'aix'])

/** What a search finds it by; `leftOut` lines of the same sort were not written before. */
export function troubleFields({ code, id, cause }: Trouble, leftOut: number): Readonly<Record<string, unknown>> {
  return { code, id, cause, ...(leftOut === 0 ? {} : { leftOut }) }
}
