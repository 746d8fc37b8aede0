import { delimiter, dirname } from 'node:path'
import type { Plan, PlannedApp, PlannedWorkload } from './plan.ts'
import { RUN_VARIABLE } from './stale.ts'

/** Variables of the caller that no process of the mesh may inherit: npm's own, those of the start, and proxies of the surrounding network. */
const UNWANTED =
  /^(npm_.*|node_options|node_use_env_proxy|(http|grpc|all)_proxy|no_(grpc_)?proxy|init_cwd|mesh_started_at|mesh_before|vitest.*)$/i

/** Where a proxy that is not ours listens for its application. */
const OUTBOUND_PORT = 15001

/** What surrounds every process of a mesh. */
export interface Surroundings {
  readonly plan: Plan
  /** The caller's own environment. */
  readonly env: NodeJS.ProcessEnv
  /** Where Node keeps compiled code from one start to the next. */
  readonly compileCache: string
}

/** For the mesh's own processes. */
export function planeEnvironment({ plan, env, compileCache }: Surroundings): NodeJS.ProcessEnv {
  return { ...cleaned(env, /^https_proxy$/i), NODE_COMPILE_CACHE: compileCache, [RUN_VARIABLE]: plan.folders.root }
}

/** For an application: where to listen, who it is, and its sidecar as HTTP proxy. */
export function appEnvironment({ plan, env, compileCache }: Surroundings, workload: PlannedWorkload, app: PlannedApp): NodeJS.ProcessEnv {
  return {
    ...cleaned(env),
    PATH: `${dirname(process.execPath)}${delimiter}${env['PATH'] ?? ''}`,
    NODE_COMPILE_CACHE: compileCache,
    // Python keeps back what it prints into a file.
    PYTHONUNBUFFERED: '1',
    [RUN_VARIABLE]: plan.folders.root,
    ...workloadVariables(workload, app),
  }
}

/** What makes a process, started by whomever, the application of a replica. */
export function workloadVariables(workload: PlannedWorkload, app: PlannedApp | null): Readonly<Record<string, string>> {
  return {
    WORKLOAD_NAME: workload.name,
    WORKLOAD_NAMESPACE: workload.namespace,
    ...(app === null || app.listen === null ? {} : { HOST: app.listen.host, PORT: String(app.listen.port) }),
    ...(workload.kind === 'outside' ? {} : proxyVariables(`http://${workload.address}:${workload.proxy?.outbound ?? OUTBOUND_PORT}`)),
    ...app?.env,
  }
}

/** Both spellings: curl reads only the lower one, Java and Go programs often only the upper. */
function proxyVariables(url: string): Record<string, string> {
  const none = 'localhost,127.0.0.1'
  return { HTTP_PROXY: url, http_proxy: url, NO_PROXY: none, no_proxy: none, NODE_USE_ENV_PROXY: '1' }
}

function cleaned(base: NodeJS.ProcessEnv, more?: RegExp): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(base).filter(([name]) => !UNWANTED.test(name) && more?.test(name) !== true))
}
