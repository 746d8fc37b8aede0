/** A workload instance as its peers may know it (Istio `istio.workload.Workload`). */
export interface Workload {
  /** Unique and stable: `<cluster>/<namespace>/<instance>`. */
  readonly uid: string
  /** The owning workload: `reviews-v1`. */
  readonly workload: string
  readonly namespace: string
  readonly serviceAccount: string
  /** IP literals. */
  readonly addresses: readonly string[]
  /** Label `app`, the canonical service. */
  readonly app: string
  /** Label `version`, the canonical revision; `latest` where none is set. */
  readonly version: string
  readonly cluster: string
}

/** The part of a workload that an endpoint carries with it (Istio endpoint metadata `istio.workload`). */
export interface WorkloadRef {
  readonly workload: string
  readonly namespace: string
  readonly app: string
  readonly version: string
  readonly cluster: string
}
