/** What the supervisor needs of a Kubernetes Service: whom it selects, and where it reaches them. */
export interface ServiceFacts {
  readonly namespace: string
  readonly selector: Readonly<Record<string, string>>
  readonly ports: readonly ServedPort[]
}

export interface ServedPort {
  readonly name: string
  readonly port: number
  /** Target port. */
  readonly target: number
}

/** The ports under which services reach a workload; the first service of a port name wins. */
export function servedPorts(
  services: readonly ServiceFacts[],
  workload: { readonly namespace: string; readonly labels: Readonly<Record<string, string>> },
): readonly ServedPort[] {
  const found = new Map<string, ServedPort>()
  for (const service of services) {
    if (service.namespace !== workload.namespace || !selects(service.selector, workload.labels)) continue
    for (const port of service.ports) if (!found.has(port.name)) found.set(port.name, port)
  }
  return [...found.values()]
}

function selects(selector: Readonly<Record<string, string>>, labels: Readonly<Record<string, string>>): boolean {
  const wanted = Object.entries(selector)
  return wanted.length > 0 && wanted.every(([key, value]) => labels[key] === value)
}
