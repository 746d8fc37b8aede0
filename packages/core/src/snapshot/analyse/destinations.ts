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
  for (const rule of objectsOf(analysis.snapshot, 'VirtualService')) {
    for (const [destination, path] of destinationsOf(rule)) checkDestination(analysis, rule, destination, path)
  }
}

function destinationsOf(rule: VirtualService): readonly (readonly [Destination, Path])[] {
  return (['http', 'tcp', 'tls'] as const).flatMap((protocol) =>
    (rule.body[protocol] ?? []).flatMap((route, index) =>
      (route.route ?? []).map((share, place) => [share.destination, ['spec', protocol, index, 'route', place, 'destination']] as const),
    ),
  )
}

function checkDestination(analysis: Analysis, rule: VirtualService, destination: Destination, path: Path): void {
  const { namespace } = rule.meta
  const services = servicesAt(analysis, destination.host, namespace)
  if (services.length === 0) {
    const near = nearest(destination.host, hostSpellings(analysis, namespace))
    const fix = near === undefined ? 'Add a Service or ServiceEntry with this host.' : `Write \`${near}\`.`
    analysis.report('IST0101', rule, [...path, 'host'], `No service has the host "${destination.host}"; requests get 503.`, fix)
    return
  }
  checkSubset(analysis, rule, destination, path)
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

function checkSubset(analysis: Analysis, rule: VirtualService, destination: Destination, path: Path): void {
  const { subset, host } = destination
  if (subset === undefined) return
  const full = fullHost(host, rule.meta.namespace)
  const names = objectsOf(analysis.snapshot, 'DestinationRule')
    .filter((one) => hostWithin(full, fullHost(one.body.host, one.meta.namespace)))
    .flatMap((one) => (one.body.subsets ?? []).map((known) => known.name))
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
