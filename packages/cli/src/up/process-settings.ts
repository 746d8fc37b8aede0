import { MAX_HANDOVER_PATH_BYTES } from './limits.ts'
import { CLUSTER, JWKS_FILE, ROOT_FILE, SCRAPE_FILE, SYSTEM_NAMESPACE, type Plan, type PlannedWorkload, type ProxyPorts } from './plan.ts'

/** Settings files of a mesh's own processes, by file name without `.json`. */
export function settingsOf(plan: Plan): ReadonlyMap<string, unknown> {
  const files = new Map<string, unknown>([['pilot', pilotSettings(plan)]])
  if (plan.ca !== null) files.set('ca', caSettings(plan, plan.ca))
  if (plan.telemetry !== null) files.set('telemetry', telemetrySettings(plan, plan.telemetry))
  for (const workload of plan.workloads)
    if (workload.proxy !== null) files.set(workload.name, proxySettings(plan, workload, workload.proxy))
  return files
}

/** Who gets a token: replicas by their name, and the planes that ask the CA for a certificate. */
export function accountsOf(plan: Plan): ReadonlyMap<string, { readonly namespace: string; readonly name: string }> {
  const accounts = new Map([['pilot', { namespace: SYSTEM_NAMESPACE, name: 'istio-pilot' }]])
  for (const { name, kind, namespace, serviceAccount } of plan.workloads)
    if (kind !== 'outside') accounts.set(name, { namespace, name: serviceAccount })
  return accounts
}

/** Metrics pages of all proxies. */
export function scrapeTargets(plan: Plan): readonly string[] {
  return plan.workloads.flatMap(({ address, proxy }) => (proxy === null ? [] : [`http://${address}:${proxy.metrics}/stats/prometheus`]))
}

function caSettings(plan: Plan, ca: NonNullable<Plan['ca']>): unknown {
  return {
    ...ca,
    stateDir: `${plan.folders.state}/ca`,
    trustDomain: plan.trustDomain,
    jwksFile: `${plan.folders.root}/${JWKS_FILE}`,
    rootFile: `${plan.folders.root}/${ROOT_FILE}`,
  }
}

function pilotSettings(plan: Plan): unknown {
  return {
    ...plan.pilot,
    configDirs: plan.configDirs,
    registryDirs: [plan.folders.registry],
    trustDomain: plan.trustDomain,
    cluster: CLUSTER,
    identity: identityOf(plan, 'pilot'),
  }
}

function telemetrySettings(plan: Plan, telemetry: NonNullable<Plan['telemetry']>): unknown {
  return { address: telemetry.address, port: telemetry.port, scrapeFile: `${plan.folders.root}/${SCRAPE_FILE}` }
}

function proxySettings(plan: Plan, workload: PlannedWorkload, ports: ProxyPorts): unknown {
  const { name, namespace, serviceAccount, labels, address } = workload
  return {
    node: {
      kind: workload.kind,
      name,
      namespace,
      serviceAccount,
      workload: workload.workload,
      labels,
      address,
      cluster: CLUSTER,
      trustDomain: plan.trustDomain,
      capture: 'none',
    },
    adminAddress: address,
    ports,
    pilotAddress: `${plan.pilot.address}:${plan.pilot.xdsPort}`,
    identity: identityOf(plan, name),
    stateDir: `${plan.folders.state}/${name}`,
    localAddress: address,
    ...handoverOf(plan, workload),
  }
}

/** Where a gateway hands its sockets to the one that replaces it; others leave traffic before they restart. */
function handoverOf(plan: Plan, { kind, name }: PlannedWorkload): { readonly hotRestart?: string } {
  const path = `${plan.folders.state}/${name}/next`
  return kind === 'gateway' && Buffer.byteLength(path) <= MAX_HANDOVER_PATH_BYTES ? { hotRestart: path } : {}
}

function identityOf(plan: Plan, name: string): unknown {
  if (plan.ca === null) return null
  return {
    caAddress: `${plan.ca.address}:${plan.ca.port}`,
    tokenFile: `${plan.folders.tokens}/${name}.jwt`,
    rootFile: `${plan.folders.root}/${ROOT_FILE}`,
  }
}
