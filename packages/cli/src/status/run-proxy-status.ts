import { askJson } from '../mesh/ask.ts'
import { pilotUrl } from '../mesh/find-mesh.ts'
import { CommandFailure, EXIT, type ExitCode } from '../output/exit-code.ts'
import { printValue, type Format } from '../output/print.ts'
import { formatTable } from '../output/table.ts'
import { safeLine } from '../output/terminal-safe.ts'
import { readSyncRows, type SyncRow } from './sync-row.ts'

export interface ProxyStatusOptions {
  readonly name: string | undefined
  readonly pilot: string | undefined
  readonly namespace: string | undefined
  readonly output: Format
}

const COLUMNS = ['CDS', 'LDS', 'EDS', 'RDS'] as const

/** `meshctl proxy-status`: how far each proxy is with what pilot serves, and with which snapshot. */
export async function runProxyStatus(options: ProxyStatusOptions): Promise<ExitCode> {
  const all = readSyncRows(await askJson(`${pilotUrl(process.cwd(), options.pilot)}/debug/syncz`, 'Pilot'))
  const rows = all.filter((row) => isAsked(row, options)).sort((left, right) => (nameOf(left) < nameOf(right) ? -1 : 1))
  if (options.name !== undefined && rows.length === 0)
    throw new CommandFailure(EXIT.negative, `No proxy "${options.name}" is connected to pilot.`)
  await printValue(options.output, rows, () => [table(rows), ...rows.flatMap(errorLines)].join('\n'))
  return EXIT.ok
}

function table(rows: readonly SyncRow[]): string {
  const heads = ['NAME', ...COLUMNS, 'SNAPSHOT', 'KIND', 'MODE']
  const cells = rows.map((row) => [
    nameOf(row),
    ...COLUMNS.map((type) => stateOf(row, type)),
    acknowledged(row),
    row.node.kind,
    row.mode ?? '',
  ])
  return formatTable(heads, cells)
}

function stateOf(row: SyncRow, type: string): string {
  return row.types.find((one) => one.type === type)?.state ?? 'NOT SENT'
}

/** The snapshot that all of the proxy's types have come to; of several the one that is behind. */
function acknowledged(row: SyncRow): string {
  const behind = row.types.find(
    (type) => type.ackedSnapshot !== undefined && type.ackedSnapshot !== null && type.ackedSnapshot !== row.snapshot,
  )
  return behind?.ackedSnapshot ?? row.snapshot
}

function errorLines(row: SyncRow): readonly string[] {
  return row.types.flatMap((type) =>
    type.error === undefined || type.error === null ? [] : [safeLine(`${nameOf(row)} refuses ${type.type}: ${type.error}`)],
  )
}

function isAsked(row: SyncRow, options: ProxyStatusOptions): boolean {
  if (options.namespace !== undefined && row.node.namespace !== options.namespace) return false
  return options.name === undefined || row.node.name === options.name || nameOf(row) === options.name
}

function nameOf(row: SyncRow): string {
  return `${row.node.name}.${row.node.namespace}`
}
