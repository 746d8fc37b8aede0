import type { Probe } from './probe/probe.ts'

/** What runs where: the whole of a mesh on one machine, before anything is started. */
export interface Plan {
  readonly name: string
  /** Folder of mesh.yaml, working folder of every process. */
  readonly dir: string
  readonly folders: Folders
  readonly configDirs: readonly string[]
  readonly trustDomain: string
  readonly pilot: { readonly address: string; readonly xdsPort: number; readonly monitoringPort: number }
  /** Null: no certificate authority, hence no mTLS. */
  readonly ca: PlannedCa | null
  readonly telemetry: { readonly address: string; readonly port: number; readonly ports: Readonly<Record<string, number>> } | null
  readonly workloads: readonly PlannedWorkload[]
  /** Ports that are taken, and what stands in for them, to be told. */
  readonly replaced: readonly string[]
}

export interface PlannedCa {
  readonly address: string
  readonly port: number
  readonly monitoringPort: number
  /** Absent: the CA's own default. */
  readonly workloadTtlSeconds?: number
}

/** What the supervisor writes, all below `.mesh` beside mesh.yaml. */
export interface Folders {
  readonly root: string
  readonly settings: string
  readonly registry: string
  readonly tokens: string
  readonly state: string
  readonly logs: string
}

/** One replica of a process or gateway. */
export interface PlannedWorkload {
  readonly kind: 'sidecar' | 'gateway' | 'outside'
  /** `reviews-v1-0`. */
  readonly name: string
  readonly namespace: string
  /** `reviews-v1`. */
  readonly workload: string
  readonly serviceAccount: string
  readonly labels: Readonly<Record<string, string>>
  /** Loopback address of its own. */
  readonly address: string
  /** Where a gateway listens for callers from outside. */
  readonly bindAddress: string | null
  /** By service port name: where it is reached. Left out where the service's own target port holds. */
  readonly ports: Readonly<Record<string, number>>
  readonly app: PlannedApp | null
  readonly proxy: ProxyPorts | null
  /** Whether a proxy with an SVID stands before it. */
  readonly meshTls: boolean
  readonly page: string | null
  /** Of a gateway, by service port: where it listens. */
  readonly openPorts: Readonly<Record<string, number>>
}

export interface PlannedApp {
  /** Null: somebody starts it by hand. */
  readonly command: string | readonly string[] | null
  readonly env: Readonly<Record<string, string>>
  /** Where its service reaches it. */
  readonly servicePort: number | null
  readonly listen: { readonly host: string; readonly port: number } | null
  /** Null: it takes requests as long as it listens. */
  readonly probe: Probe | null
}

export interface ProxyPorts {
  readonly admin: number
  readonly outbound: number
  readonly health: number
  readonly metrics: number
}

export function foldersOf(dir: string): Folders {
  const root = `${dir}/.mesh`
  return {
    root,
    settings: `${root}/settings`,
    registry: `${root}/registry`,
    tokens: `${root}/tokens`,
    state: `${root}/state`,
    logs: `${root}/logs`,
  }
}

export const SYSTEM_NAMESPACE = 'istio-system'
export const TELEMETRY_LABELS = { app: 'zipkin' }
/** Label `cluster` of everything on this machine: Istio's name of a lone cluster. */
export const CLUSTER = 'Kubernetes'
export const ROOT_FILE = 'root.pem'
export const JWKS_FILE = 'jwks.json'
/** Metrics pages of all proxies, which telemetry reads again for each scrape. */
export const SCRAPE_FILE = 'scrape.json'
