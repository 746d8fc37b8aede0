import { paint } from '../output/print.ts'
import { safeLines } from '../output/terminal-safe.ts'
import type { Described } from './describe-workload.ts'

/** A workload's description for people: a heading for each question, and what decided the answer. */
export function descriptionText(described: Described): string {
  const { workload, address, serviceAccount, snapshot, ports, subsets, routes, ingress } = described
  return safeLines([
    `${paint('bold', workload)} at ${address}, account ${serviceAccount}, snapshot ${snapshot}`,
    ...ports.flatMap(portLines),
    ...section(
      'Subsets',
      subsets.map((one) => `${one.subset} of ${one.service}:${one.port}${by(one.by)}`),
    ),
    ...section('Routes to it', routes.map(routeLine)),
    ...section('Ingress', ingress.length === 0 ? ['not reached from any gateway'] : ingress.map(routeLine)),
  ])
}

function portLines({ port, protocol, services, mtls, mtlsBy, policies }: Described['ports'][number]): readonly string[] {
  const open = mtls === 'STRICT' ? 'anyone with an identity of the mesh' : 'anyone'
  return section(`Port ${port} ${protocol}${services.length === 0 ? '' : `, ${services.join(', ')}`}`, [
    `mTLS ${mtls}${by(mtlsBy)}`,
    ...(policies.length === 0 ? [`no policy: ${open} may call`] : policies.map(({ action, policy }) => `${action} ${policy}`)),
  ])
}

/** `9080 reviews /* → 80 %`, and what decided it. */
export function routeLine({ where, match, percent, by: decidedBy }: Described['routes'][number]): string {
  return `${where} ${match} → ${percent} %${by(decidedBy)}`
}

/** A heading with its lines indented below it; nothing without lines. */
export function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`)]
}

/** What decided it, in brackets. */
export function by(what: string | undefined): string {
  return what === undefined ? '' : `  ${paint('dim', `[${what}]`)}`
}
