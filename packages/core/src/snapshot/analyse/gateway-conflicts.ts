import { byAge } from '../../compile/order.ts'
import type { ObjectOf } from '../../config/kinds.ts'
import { originName, originPlace } from '../../config/origin.ts'
import { canonicalJson } from '../content-hash.ts'
import { objectsOf } from '../objects-of.ts'
import type { Analysis } from './analysis.ts'

type Gateway = ObjectOf<'Gateway'>

/** Gateways that open the same port of the same workloads for the same host: of one that ends TLS the older holds, others share their rules. */
export function conflictingGateways(analysis: Analysis): void {
  const first = new Map<string, Gateway>()
  for (const gateway of [...objectsOf(analysis.snapshot, 'Gateway')].sort(byAge)) {
    const mine = new Set<string>()
    for (const { key, host, path } of openings(gateway)) {
      const earlier = first.get(key)
      if (earlier === undefined) mine.add(key)
      else {
        const message = `${originName(earlier.origin)} (${originPlace(earlier.origin)}) already opens this port for "${host}".`
        analysis.report('IST0145', gateway, path, message, 'Put the servers of one port and host into one Gateway.')
      }
    }
    for (const key of mine) first.set(key, gateway)
  }
}

interface Opening {
  readonly key: string
  readonly host: string
  readonly path: readonly (string | number)[]
}

function openings({ body, meta }: Gateway): readonly Opening[] {
  const selector = canonicalJson(body.selector ?? {})
  return body.servers.flatMap((server, index) =>
    server.hosts.map((written, place) => {
      const slash = written.indexOf('/')
      const owner = slash < 0 ? '*' : written.slice(0, slash)
      const host = written.slice(slash + 1).toLowerCase()
      const namespace = owner === '.' ? meta.namespace : owner
      return {
        key: `${selector} ${server.bind ?? ''} ${server.port.number} ${namespace}/${host}`,
        host,
        path: ['spec', 'servers', index, 'hosts', place],
      }
    }),
  )
}
