import type { FindingCode } from '../codes.ts'
import { isDnsName, isIp } from '../fields/host.ts'
import type { KindName } from '../kinds.ts'
import type { IssueText } from './issue-text.ts'
import { clip } from './issue-text.ts'
import { nearest } from './nearest.ts'
import { PROXY_CONFIG, proxyConfigOf, unreadFields } from './proxy-config-of.ts'

/** What is to be said about an annotation, and under which code. */
export interface AnnotationIssue extends IssueText {
  readonly code: FindingCode
}

/** What is to be said about the annotations of an object: of Istio's and this mesh's own, those that are not read as they stand. */
export function annotationIssues(kind: KindName, annotations: Annotations): readonly AnnotationIssue[] {
  return Object.keys(annotations).flatMap((name) => {
    const issue = OURS.test(name) ? issueOf(kind, name, annotations) : undefined
    return issue === undefined ? [] : [{ ...issue, path: ['metadata', 'annotations', name] }]
  })
}

/** Names below the domains of Istio and of this mesh; all others belong to somebody else. */
const OURS = /^(?:[-a-z0-9.]+\.)?(?:istio|mesh)\.io\//

type Said = Omit<AnnotationIssue, 'path'>
type Unread = Omit<Said, 'code'>
type Annotations = Readonly<Record<string, string>>

function issueOf(kind: KindName, name: string, all: Annotations): Said | undefined {
  const known = Object.hasOwn(READ, name) ? READ[name] : undefined
  if (known !== undefined) return issueOfKnown(known, kind, name, all)
  if (KEPT_BOOKS.test(name)) return undefined
  if (OF_PODS.test(name)) return misplaced(name, 'a Pod')
  if (NOT_CARRIED_OUT.has(name)) return { code: 'MESH0101', message: `The annotation \`${name}\` has no effect yet.` }
  const near = nearest(name, Object.keys(READ))
  const fix = near === undefined ? undefined : `Write \`${near}\`.`
  return { code: 'IST0108', message: `Nobody knows the annotation \`${clip(name)}\`.`, ...(fix === undefined ? {} : { fix }) }
}

function issueOfKnown({ kinds, wants, accepts, unread, instead }: Known, kind: KindName, name: string, all: Annotations): Said | undefined {
  const value = all[name] ?? ''
  if (kinds !== undefined && !kinds.includes(kind)) return misplaced(name, kinds.join(' or '))
  if (!accepts(value)) {
    return {
      code: 'IST0125',
      message: `The annotation \`${name}\` must be ${wants} (it is "${clip(value)}").`,
    }
  }
  const inert = unread?.(value, all)
  if (inert !== undefined) return { code: 'MESH0101', ...inert }
  return instead === undefined
    ? undefined
    : { code: 'IST0135', message: `The annotation \`${name}\` is out of use at Istio.`, fix: instead }
}

function misplaced(name: string, where: string): Said {
  return { code: 'IST0107', message: `The annotation \`${name}\` means something on ${where} only.` }
}

interface Known {
  /** Where it is read; everywhere when absent. */
  readonly kinds?: readonly KindName[]
  readonly wants: string
  readonly accepts: (value: string) => boolean
  /** What of it has no effect; undefined when all of it has one. */
  readonly unread?: (value: string, all: Annotations) => Unread | undefined
  /** Where its use has ended: what to write. */
  readonly instead?: string
}

const isFlag = (value: string): boolean => value === 'true' || value === 'false'
const isPort = (value: unknown): boolean => Number.isInteger(Number(value)) && Number(value) >= 1 && Number(value) <= 65_535
const isFilled = (value: string): boolean => value.trim() !== ''
const ACCOUNTS = {
  kinds: ['Service'],
  wants: 'a list of accounts',
  accepts: isFilled,
  instead: 'Write `subjectAltNames` of a ServiceEntry.',
} as const

/** The annotations that are read, and what they take. */
const READ: Readonly<Record<string, Known>> = {
  'galley.istio.io/analyze-suppress': { wants: 'a list of codes, or `*`', accepts: isFilled },
  'networking.istio.io/exportTo': {
    kinds: ['Service'],
    wants: '`.`, `*`, `~` or names of namespaces, parted by commas',
    accepts: (value) => value.split(',').every((part) => ['.', '*', '~'].includes(part.trim()) || isDnsName(part.trim())),
  },
  'alpha.istio.io/kubernetes-serviceaccounts': ACCOUNTS,
  'alpha.istio.io/canonical-serviceaccounts': ACCOUNTS,
  'istio.io/dry-run': { kinds: ['AuthorizationPolicy'], wants: '"true" or "false"', accepts: isFlag },
  'mesh.io/workload': { kinds: ['WorkloadEntry'], wants: 'the name of a workload', accepts: isFilled },
  'mesh.io/proxy': {
    kinds: ['WorkloadEntry'],
    wants: '"gateway" or "sidecar"',
    accepts: (value) => value === 'gateway' || value === 'sidecar',
  },
  'mesh.io/unready': { kinds: ['WorkloadEntry'], wants: '"true" or "false"', accepts: isFlag },
  'mesh.io/bind-address': { kinds: ['WorkloadEntry'], wants: 'an IP address', accepts: isIp },
  'mesh.io/app-ports': {
    kinds: ['WorkloadEntry'],
    wants: 'a map of ports like {"9080":34567}',
    accepts: isPortMap,
  },
  [PROXY_CONFIG]: {
    kinds: ['WorkloadEntry'],
    wants: 'a ProxyConfig, like `gatewayTopology: {proxyProtocol: {}}`',
    accepts: (value) => proxyConfigOf(value) !== undefined,
    unread: unreadOfProxyConfig,
  },
}

function unreadOfProxyConfig(value: string, all: Annotations): Unread | undefined {
  if (all['mesh.io/proxy'] !== 'gateway') {
    return {
      message: `The annotation \`${PROXY_CONFIG}\` has an effect on gateways only.`,
      fix: 'Write `mesh.io/proxy: gateway` beside it.',
    }
  }
  const fields = unreadFields(proxyConfigOf(value) ?? {}).map((field) => `\`${field}\``)
  return fields.length === 0
    ? undefined
    : { message: `In the annotation \`${PROXY_CONFIG}\` there is no effect yet of ${fields.join(', ')}.` }
}

function isPortMap(value: string): boolean {
  try {
    const map: unknown = JSON.parse(value)
    return typeof map === 'object' && map !== null && !Array.isArray(map) && Object.entries(map).flat().every(isPort)
  } catch {
    return false
  }
}

/** What Istio's own tools write down for themselves. */
const KEPT_BOOKS =
  /^(?:install\.operator\.istio\.io\/|internal\.istio\.io\/|istio\.io\/(?:autoRegistrationGroup|workloadController|connectedAt|disconnectedAt)$)/

/** What Istio's injection and its proxies read from Pods. */
const OF_PODS =
  /^(?:(?:readiness\.)?status\.sidecar|traffic\.sidecar|sidecar|proxy|inject|prometheus)\.istio\.io\/|^(?:alpha\.istio\.io\/identity|ambient\.istio\.io\/redirection)$/

const NOT_CARRIED_OUT: ReadonlySet<string> = new Set([
  'networking.istio.io/traffic-distribution',
  'networking.istio.io/service-type',
  'networking.istio.io/address-type',
  'topology.istio.io/controlPlaneClusters',
  'ambient.istio.io/bypass-inbound-capture',
])
