import type { KindName } from '@mesh/core/config'
import { shownPath } from '../output/place.ts'
import { inForce, proxyCounts, type ShownObject } from './shown-object.ts'

/** A column of `meshctl get`. */
export interface Column {
  readonly head: string
  readonly cell: (object: ShownObject) => string
}

/** The columns for objects of one kind: its own, in kubectl's and istioctl's words, and what became of it. */
export function columnsOf(
  kind: KindName,
  { namespaces, wide }: { readonly namespaces: boolean; readonly wide: boolean },
): readonly Column[] {
  return [
    ...(namespaces ? [column('NAMESPACE', ({ stored }) => stored.located.namespace || '<none>')] : []),
    column('NAME', ({ stored }) => stored.located.name),
    ...(OWN[kind] ?? []),
    column('IN FORCE', inForce),
    column('PROXIES', proxyCounts),
    ...(wide ? WIDE : []),
  ]
}

const WIDE: readonly Column[] = [
  column('VERSION', ({ stored }) => stored.version ?? '<not valid>'),
  column('GENERATION', ({ known }) => String(known?.generation ?? '-')),
  column('FILE', ({ file, stored }) => `${shownPath(file.path)}:${stored.located.line}`),
]

const OWN: Readonly<Partial<Record<KindName, readonly Column[]>>> = {
  VirtualService: [field('GATEWAYS', 'spec', 'gateways'), field('HOSTS', 'spec', 'hosts')],
  DestinationRule: [field('HOST', 'spec', 'host')],
  ServiceEntry: [field('HOSTS', 'spec', 'hosts'), field('LOCATION', 'spec', 'location'), field('RESOLUTION', 'spec', 'resolution')],
  WorkloadEntry: [field('ADDRESS', 'spec', 'address'), field('SERVICE ACCOUNT', 'spec', 'serviceAccount')],
  PeerAuthentication: [field('MODE', 'spec', 'mtls', 'mode')],
  AuthorizationPolicy: [column('ACTION', (one) => textAt(one, ['spec', 'action']) || 'ALLOW')],
  Service: [field('TYPE', 'spec', 'type'), column('PORTS', (one) => portsOf(one))],
  Secret: [field('TYPE', 'type')],
}

function field(head: string, ...path: readonly string[]): Column {
  return column(head, (one) => textAt(one, path))
}

function column(head: string, cell: Column['cell']): Column {
  return { head, cell }
}

function textAt(object: ShownObject, path: readonly string[]): string {
  const value = valueAt(object.stored.located.value, path)
  if (Array.isArray(value)) return JSON.stringify(value)
  return typeof value === 'string' ? value : ''
}

function portsOf(object: ShownObject): string {
  const ports = valueAt(object.stored.located.value, ['spec', 'ports'])
  return Array.isArray(ports)
    ? ports.map((port) => `${String(valueAt(port, ['port']))}/${String(valueAt(port, ['protocol']) ?? 'TCP')}`).join(',')
    : ''
}

function valueAt(root: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, part) => (typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[part] : undefined),
    root,
  )
}
