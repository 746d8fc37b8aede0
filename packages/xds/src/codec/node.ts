import type { JsonObject, JsonValue } from '@mesh/rpc/protobuf'
import { nodeId, type NodeSelf } from '@mesh/core/view'
import type { Node, NodeSchema } from '@mesh/rpc/gen/envoy/config/core/v3/base_pb'
import { MAX_LABEL_CHARS, MAX_LABELS, MAX_NODE_ID_CHARS, MAX_NODE_TEXT_CHARS } from '../limits.ts'
import type { Init } from './init.ts'
import { asObject } from './metadata.ts'
import { refuse, Refusal } from './refusal.ts'

const DEFAULT_TRUST_DOMAIN = 'cluster.local'
const DEFAULT_CLUSTER = 'Kubernetes'

/** Who asks, in Istio's node id and metadata. */
export function encodeNode(self: NodeSelf): Init<typeof NodeSchema> {
  return {
    id: nodeId(self),
    cluster: `${self.workload}.${self.namespace}`,
    locality: {},
    userAgentName: 'mesh',
    metadata: {
      NAME: self.name,
      NAMESPACE: self.namespace,
      SERVICE_ACCOUNT: self.serviceAccount,
      WORKLOAD_NAME: self.workload,
      LABELS: { ...self.labels },
      INSTANCE_IPS: self.address,
      CLUSTER_ID: self.cluster,
      INTERCEPTION_MODE: 'NONE',
      MESH: { trustDomain: self.trustDomain, identity: self.identity },
    },
  }
}

export type DecodedNode = { readonly kind: 'node'; readonly self: NodeSelf } | { readonly kind: 'refused'; readonly reason: string }

/** Who asks, from a node of this mesh or of an Envoy that was started with Istio's node id and metadata. */
export function decodeNode(node: Node): DecodedNode {
  try {
    return { kind: 'node', self: selfOf(node) }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { kind: 'refused', reason: error.message }
  }
}

function selfOf(node: Node): NodeSelf {
  if (node.id.length > MAX_NODE_ID_CHARS) refuse(`a node id is longer than ${MAX_NODE_ID_CHARS} characters`)
  const [type, address = '', instance = '', domain] = node.id.split('~')
  if ((type !== 'sidecar' && type !== 'router') || domain === undefined)
    refuse(`node id ${node.id} is not type~address~name.namespace~domain`)
  const metadata = node.metadata ?? {}
  const mesh = asObject(metadata['MESH'])
  const dot = instance.lastIndexOf('.')
  const name = bounded('name', dot > 0 ? instance.slice(0, dot) : refuse(`node id ${node.id} lacks name.namespace`))
  const namespace = bounded('namespace', instance.slice(dot + 1))
  if (textOf(metadata, 'NAMESPACE', namespace) !== namespace) refuse('NAMESPACE of the metadata is not that of the node id')
  return {
    kind: type === 'router' ? 'gateway' : 'sidecar',
    name,
    namespace,
    serviceAccount: textOf(metadata, 'SERVICE_ACCOUNT', 'default'),
    workload: textOf(metadata, 'WORKLOAD_NAME', name),
    labels: labelsOf(metadata['LABELS']),
    address: bounded('address', address),
    cluster: textOf(metadata, 'CLUSTER_ID', DEFAULT_CLUSTER),
    trustDomain: textOf(mesh, 'trustDomain', DEFAULT_TRUST_DOMAIN),
    identity: mesh['identity'] !== false,
    capture: 'none',
  }
}

function textOf(object: JsonObject, key: string, fallback: string): string {
  const value = object[key]
  return typeof value === 'string' && value !== '' ? bounded(key, value) : fallback
}

/** A text about a node, as it may appear in logs and pages. */
function bounded(what: string, text: string): string {
  if (text.length > MAX_NODE_TEXT_CHARS) refuse(`the ${what} of a node is longer than ${MAX_NODE_TEXT_CHARS} characters`)
  return PRINTABLE.test(text) ? text : refuse(`the ${what} of a node has characters that cannot be printed`)
}

const PRINTABLE = /^[\x20-\x7e]*$/

function labelsOf(json: JsonValue | undefined): Record<string, string> {
  const pairs = Object.entries(asObject(json)).flatMap(([key, value]) => (typeof value === 'string' ? [[key, value] as const] : []))
  if (pairs.length > MAX_LABELS) refuse(`a node has more than ${MAX_LABELS} labels`)
  if (pairs.some((pair) => pair.some((text) => text.length > MAX_LABEL_CHARS)))
    refuse(`a label is longer than ${MAX_LABEL_CHARS} characters`)
  return Object.fromEntries(pairs)
}
