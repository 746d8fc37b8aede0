import { shownPath } from '../../output/place.ts'
import type { Plan, PlannedWorkload } from '../plan.ts'
import { gatewayUrl } from '../run-file.ts'

export interface GreetingOptions {
  readonly cwd: string
  readonly meshctl: string
  /** Whether a gateway is; absent: all are. */
  readonly isReady?: (gateway: PlannedWorkload) => boolean
}

/** What a person wants to know once the mesh runs: where each proxy shows itself, its pages, where to change something, what to ask next. */
export function greeting(plan: Plan, { cwd, meshctl, isReady = () => true }: GreetingOptions): readonly string[] {
  const gateways = plan.workloads.filter(({ kind }) => kind === 'gateway')
  const config = plan.configDirs.map((dir) => shownPath(dir, cwd)).join(', ')
  const rows = [
    ...gateways.map((one) => [gateways.length === 1 ? plan.name : one.workload, isReady(one) ? gatewayPage(one) : NOT_READY] as const),
    ['config', `${config}    save a file: live on the next request`] as const,
    ...more(plan),
    ['next', `${meshctl} ps | logs | explain | apply        Ctrl-C stops all`] as const,
  ]
  return [...inColumns(plan.workloads.flatMap(doorsOf)), ...inColumns(rows)]
}

/** The page of a gateway that a person may like to open. */
export function gatewayPage(gateway: PlannedWorkload): string {
  return `${gatewayUrl(gateway)}${gateway.page ?? '/'}`
}

/** Another program may answer at the address of a gateway that is not ready. */
const NOT_READY = 'not ready, as told above'

/** Where a proxy shows itself. */
function doorsOf({ name, address, proxy }: PlannedWorkload): readonly (readonly [string, string])[] {
  if (proxy === null) return []
  return [[name, `admin http://${address}:${proxy.admin}/  metrics http://${address}:${proxy.metrics}/stats/prometheus`]]
}

function inColumns(rows: readonly (readonly [label: string, text: string])[]): readonly string[] {
  const width = Math.max(...rows.map(([label]) => label.length))
  return rows.map(([label, text]) => ` ${label.padEnd(width)}  ${text}`)
}

function more({ telemetry }: Plan): readonly (readonly [string, string])[] {
  if (telemetry === null) return []
  const url = `http://${telemetry.address}:${telemetry.port}`
  return [['traces', `${url}/api/v2/traces    metrics ${url}/federate`]]
}
