import { originName, type Finding } from '@mesh/core/config'
import { findingLine } from '../output/finding-line.ts'
import { shownPath } from '../output/place.ts'
import { MAX_SHOWN_FINDINGS } from './limits.ts'
import type { Plan, PlannedWorkload } from './plan.ts'
import { gatewayUrl } from './run-file.ts'

/** What a person wants to know once the mesh runs: where things are, and how to change something. */
export function announcement(
  plan: Plan,
  of: { readonly tookMs: number; readonly cwd: string; readonly meshctl: string },
): readonly string[] {
  const proxies = plan.workloads.filter((one) => one.proxy !== null).length
  return [
    '',
    `${plan.name} is up: ${proxies} proxies, in ${(of.tookMs / 1000).toFixed(1)} s.`,
    '',
    ...places(plan),
    '',
    ...table([['WORKLOAD', 'ADMIN', 'METRICS'], ...plan.workloads.flatMap(proxyRow)]),
    '',
    `Change something: save a file in ${shownPath(plan.configDirs[0] ?? plan.dir, of.cwd)}; it is live at once, and a mistake in it is told here.`,
    `Ask the mesh: ${of.meshctl} ps, ${of.meshctl} explain --help. Logs are in ${shownPath(plan.folders.logs, of.cwd)}.`,
    'Ctrl-C stops everything.',
  ]
}

/** What a person should know before anything runs: ports that are others than expected, and what is missing for mTLS. */
export function warnings(plan: Plan): readonly string[] {
  const plain =
    plan.ca === null ? ['There is no mTLS: the mesh runs without a certificate authority, and services talk in plain text.'] : []
  return [...plan.replaced, ...plain]
}

/** Findings about the configuration, worst first, each with its place; `all` tells which broken objects keep a last good form. */
export function findingLines(findings: readonly Finding[], cwd: string, all: readonly Finding[] = findings): readonly string[] {
  const failed = new Set(all.filter(({ severity }) => severity === 'error').map(subjectOf))
  const kept = new Set(all.filter(({ code }) => code === LAST_GOOD).flatMap((one) => [subjectOf(one), one.origin.file]))
  const folded = (one: Finding): boolean => one.code === LAST_GOOD && (failed.has(subjectOf(one)) || failed.has(one.origin.file))
  const told = findings
    .filter((one) => one.severity !== 'info' && !folded(one))
    .toSorted((a, b) => (a.severity === b.severity ? 0 : a.severity === 'error' ? -1 : 1))
  const lines = told.slice(0, MAX_SHOWN_FINDINGS).map((one) => {
    const keeps = one.severity === 'error' && kept.has(subjectOf(one))
    return findingLine(one, { cwd, ...(keeps ? { more: 'The last good form keeps serving.' } : {}) })
  })
  return told.length > lines.length ? [...lines, `... and ${told.length - lines.length} more findings`] : lines
}

/** Code of the finding that a broken object keeps its last good form: a line of its own only where no error is told of the object. */
const LAST_GOOD = 'MESH0006'

/** The object that a finding is about, or the file that could not be read as objects. */
function subjectOf({ origin }: Finding): string | undefined {
  return origin.name === '' ? origin.file : originName(origin)
}

function places(plan: Plan): readonly string[] {
  const rows = plan.workloads
    .filter((one) => one.kind === 'gateway')
    .flatMap((one) => [['Ingress', gatewayUrl(one)], ...(one.page === null ? [] : [['Page', `${gatewayUrl(one)}${one.page}`]])])
  if (plan.telemetry !== null) {
    rows.push(['Traces', `http://${plan.telemetry.address}:${plan.telemetry.port}/api/v2/traces`])
    rows.push(['All metrics', `http://${plan.telemetry.address}:${plan.telemetry.port}/federate`])
  }
  rows.push(['Control plane', `http://${plan.pilot.address}:${plan.pilot.monitoringPort}/debug/syncz`])
  return table(rows)
}

function proxyRow(workload: PlannedWorkload): readonly (readonly string[])[] {
  const { proxy, address, name } = workload
  return proxy === null ? [] : [[name, `http://${address}:${proxy.admin}/`, `http://${address}:${proxy.metrics}/stats/prometheus`]]
}

function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd())
}
