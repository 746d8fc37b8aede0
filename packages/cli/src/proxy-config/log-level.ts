import { post } from '../mesh/ask.ts'
import { adminUrl, type ProxyTarget } from '../mesh/proxy-view.ts'
import { CommandFailure, EXIT, type ExitCode } from '../output/exit-code.ts'
import { print } from '../output/print.ts'
import { terminalSafe } from '../output/terminal-safe.ts'

export interface LogLevelOptions extends ProxyTarget {
  /** Absent: only tell. */
  readonly level: string | undefined
}

/** `pc log`: tells or changes the log level of a proxy, until it starts again. */
export async function runLogLevel(options: LogLevelOptions): Promise<ExitCode> {
  const query = options.level === undefined ? '' : `?level=${encodeURIComponent(options.level)}`
  const { status, body } = await post(`${adminUrl(options)}/logging${query}`, `The proxy of ${options.name}`)
  if (status !== 200) throw new CommandFailure(EXIT.negative, `${body.trim()} Levels are trace, debug, info, warn, error, fatal, off.`)
  await print(terminalSafe(body))
  return EXIT.ok
}

/** `NAME`, or `NAME:LEVEL`; istioctl's `--level` may name a logger before the level, of which there is one here. */
export function readLogTarget(target: string, flag: string | undefined): { readonly name: string; readonly level: string | undefined } {
  const colon = target.indexOf(':')
  const name = colon === -1 ? target : target.slice(0, colon)
  const written = colon === -1 ? undefined : target.slice(colon + 1)
  const level = (flag ?? written)?.split(':').at(-1)
  return { name, level: level === undefined ? undefined : (ENVOY_LEVELS[level] ?? level) }
}

/** Envoy's words for levels that are called otherwise here. */
const ENVOY_LEVELS: Readonly<Record<string, string>> = { warning: 'warn', critical: 'fatal', off: 'silent' }
