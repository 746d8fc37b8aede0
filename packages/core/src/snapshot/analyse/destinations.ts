import { hostWithin } from '../../compile/host-match.ts'
import { fullHost } from '../../compile/names.ts'
import { nearest } from '../../config/check/nearest.ts'
import type { Destination } from '../../config/fields/destination.ts'
import type { ObjectOf } from '../../config/kinds.ts'
import { objectsOf } from '../objects-of.ts'
import { hostSpellings, servicesAt, type Analysis } from './analysis.ts'

type Path = readonly (string | number)[]
type VirtualService = ObjectOf<'VirtualService'>

/** Destinations of routes whose service, subset or port leads nowhere. */
export function destinationsNotFound(analysis: Analysis): void {
  const subsets = knownSubsets(analysis)
  for (const rule of objectsOf(analysis.snapshot, 'VirtualService')) {
    for (const [destination, path] of destinationsOf(rule)) checkDestination({ analysis, rule, destination, path, subsets })
  }
}

interface Checked {
  readonly analysis: Analysis
  readonly rule: VirtualService
  readonly destination: Destination
  readonly path: Path
  readonly subsets: KnownSubsets
}

/** Names of subsets by the full host of their rule; hosts may be wildcards. */
interface KnownSubsets {
  readonly exact: ReadonlyMap<string, readonly string[]>
  readonly wildcards: readonly (readonly [host: string, names: readonly string[]])[]
}

function knownSubsets(analysis: Analysis): KnownSubsets {
  const exact = new Map<string, readonly string[]>()
  const wildcards: (readonly [string, readonly string[]])[] = []
  for (const { body, meta } of objectsOf(analysis.snapshot, 'DestinationRule')) {
    const host = fullHost(body.host, meta.namespace)
    const names = (body.subsets ?? []).map((subset) => subset.name)
    if (host.startsWith('*')) wildcards.push([host, names])
    else exact.set(host, [...(exact.get(host) ?? []), ...names])
  }
  return { exact, wildcards }
}

function destinationsOf(rule: VirtualService): readonly (readonly [Destination, Path])[] {
  return (['http', 'tcp', 'tls'] as const).flatMap((protocol) =>
    (rule.body[protocol] ?? []).flatMap((route, index) =>
      (route.route ?? []).map((share, place) => [share.destination, ['spec', protocol, index, 'route', place, 'destination']] as const),
    ),
  )
}

function checkDestination(checked: Checked): void {
  const { analysis, rule, destination, path } = checked
  const { namespace } = rule.meta
  const services = servicesAt(analysis, destination.host, namespace)
  if (services.length === 0) {
    const near = nearest(destination.host, hostSpellings(analysis, namespace))
    const fix = near === undefined ? 'Add a Service or ServiceEntry with this host.' : `Write \`${near}\`.`
    analysis.report('IST0101', rule, [...path, 'host'], `No service has the host "${destination.host}"; requests get 503.`, fix)
    return
  }
  checkSubset(checked)
  const ports = services[0]?.ports ?? []
  const number = destination.port?.number
  if (number === undefined && ports.length > 1) {
    const said = ports.map((port) => port.number).join(', ')
    analysis.report(
      'IST0112',
      rule,
      path,
      `"${destination.host}" has several ports, and none is named.`,
      `Write \`port: {number: …}\` with one of ${said}.`,
    )
  } else if (number !== undefined && services.every((service) => service.ports.every((port) => port.number !== number))) {
    const said = ports.map((port) => port.number).join(', ')
    analysis.report(
      'IST0101',
      rule,
      [...path, 'port', 'number'],
      `"${destination.host}" has no port ${number}; requests get 503.`,
      `Write one of ${said}.`,
    )
  }
}

function checkSubset({ analysis, rule, destination, path, subsets }: Checked): void {
  const { subset, host } = destination
  if (subset === undefined) return
  const full = fullHost(host, rule.meta.namespace)
  const wild = subsets.wildcards.flatMap(([pattern, names]) => (hostWithin(full, pattern) ? names : []))
  const names = [...(subsets.exact.get(full) ?? []), ...wild]
  if (names.includes(subset)) return
  const near = nearest(subset, names)
  const fix = near === undefined ? 'Add the subset to a DestinationRule of this host.' : `Write \`${near}\`.`
  analysis.report(
    'IST0101',
    rule,
    [...path, 'subset'],
    `No DestinationRule of "${host}" has the subset "${subset}"; requests get 503.`,
    fix,
  )
}
