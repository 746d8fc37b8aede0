import { isIp } from '../config/fields/host.ts'

/** Istio's name of a cluster: `outbound|9080|v1|reviews.default.svc.cluster.local`. */
export function outboundCluster(port: number, subset: string, host: string): string {
  return `outbound|${port}|${subset}|${host}`
}

/** Istio's name of a cluster towards the application itself: `inbound|9080||`. */
export function inboundCluster(port: number): string {
  return `inbound|${port}||`
}

/** Istio's server name for mesh TLS: `outbound_.9080_.v1_.reviews.default.svc.cluster.local`. */
export function meshSni(port: number, subset: string, host: string): string {
  return `outbound_.${port}_.${subset}_.${host}`
}

export const PASSTHROUGH_CLUSTER = 'PassthroughCluster'
export const BLACK_HOLE_CLUSTER = 'BlackHoleCluster'
export const HTTP_PROXY = 'http_proxy'

const CLUSTER_DOMAIN = 'svc.cluster.local'

/** `reviews` in `default` → `reviews.default.svc.cluster.local`. */
export function serviceHost(name: string, namespace: string): string {
  return `${name}.${namespace}.${CLUSTER_DOMAIN}`
}

/** A host as a rule writes it, in full: only a name without a dot is short, and belongs to the namespace of the rule. */
export function fullHost(host: string, namespace: string): string {
  const name = host.toLowerCase()
  if (name === '' || name === '*' || name.includes('.') || isIp(name)) return name
  return serviceHost(name, namespace)
}

/** By which names a caller in `namespace` may ask for a host: in full, and the short forms that DNS search domains allow. */
export function hostNames(host: string, namespace: string): readonly string[] {
  if (!host.endsWith(`.${CLUSTER_DOMAIN}`)) return [host]
  const short = host.slice(0, -CLUSTER_DOMAIN.length - 1)
  const names = [host, `${short}.svc`, short]
  return short.endsWith(`.${namespace}`) ? [...names, short.slice(0, -namespace.length - 1)] : names
}
