import { styleText } from 'node:util'
import { plainText, terminalSafe } from '../output/terminal-safe.ts'
import type { LogFile } from './log-files.ts'
import type { LogLine } from './read-log.ts'

export interface ShowOptions {
  /** Whether each line says whose it is. */
  readonly prefix: boolean
  readonly colour: boolean
  readonly timestamps: boolean
  /** Lines of the mesh's own processes as they are, not made readable. */
  readonly raw: boolean
}

/** Makes lines of logs into lines for the screen; each owner keeps its colour. `logs` are those that are known already. */
export function lineShower(options: ShowOptions, logs: readonly LogFile[] = []): (line: LogLine) => string {
  const colours = new Map<string, Colour>()
  let width = Math.max(0, ...logs.map((log) => labelOf(log).length))
  return ({ log, atMs, text }) => {
    const colour = colours.get(log.owner) ?? COLOURS[colours.size % COLOURS.length] ?? 'cyan'
    colours.set(log.owner, colour)
    const label = labelOf(log)
    width = Math.max(width, label.length)
    const parts = [
      ...(options.prefix ? [paint(options, colour, label.padEnd(width)), paint(options, 'dim', '|')] : []),
      ...(options.timestamps ? [paint(options, 'dim', new Date(atMs).toISOString())] : []),
      body(text, log, options),
    ]
    return parts.join(' ')
  }
}

/** How a log is called before its lines. */
export function labelOf({ owner, kind }: LogFile): string {
  return kind === 'app' || kind === 'plane' ? owner : `${owner}.${kind}`
}

type Colour =
  | 'cyan'
  | 'green'
  | 'yellow'
  | 'magenta'
  | 'blue'
  | 'cyanBright'
  | 'greenBright'
  | 'yellowBright'
  | 'magentaBright'
  | 'blueBright'

const COLOURS: readonly Colour[] = [
  'cyan',
  'green',
  'yellow',
  'magenta',
  'blue',
  'cyanBright',
  'greenBright',
  'yellowBright',
  'magentaBright',
  'blueBright',
]

function paint({ colour }: ShowOptions, style: Colour | 'dim' | 'red', text: string): string {
  return colour ? styleText(style, text, { validateStream: false }) : text
}

function body(text: string, { kind }: LogFile, options: ShowOptions): string {
  const told = options.raw || (kind !== 'proxy' && kind !== 'plane') ? text : readable(text, options)
  return options.colour ? terminalSafe(told) : plainText(told)
}

/** A JSON line as time, level, message and what belongs to it. */
function readable(text: string, options: ShowOptions): string {
  const event = eventOf(text)
  if (event === undefined) return text
  const { level, time, msg, name: _name, pid: _pid, node: _node, ...fields } = event
  const more = Object.entries(fields).map(
    ([key, value]) => `${key}=${typeof value === 'string' && !/\s/.test(value) ? value : JSON.stringify(value)}`,
  )
  const grave = level === 'error' || level === 'fatal' ? 'red' : level === 'warn' ? 'yellow' : 'dim'
  return [String(time).slice(11, 23), paint(options, grave, String(level).padEnd(5)), String(msg), ...more].join(' ')
}

function eventOf(text: string): Readonly<Record<string, unknown>> | undefined {
  if (!text.startsWith('{')) return undefined
  try {
    const event = JSON.parse(text) as Record<string, unknown>
    return typeof event['msg'] === 'string' && typeof event['level'] === 'string' ? event : undefined
  } catch {
    return undefined
  }
}
