import type { StringMatch, UpstreamTls } from '@mesh/core/view'
import { type Cluster, type ClusterSchema } from '@mesh/rpc/gen/envoy/config/cluster/v3/cluster_pb'
import type { TransportSocket, TransportSocketSchema } from '@mesh/rpc/gen/envoy/config/core/v3/base_pb'
import {
  SubjectAltNameMatcher_SanType,
  type CertificateValidationContext,
} from '@mesh/rpc/gen/envoy/extensions/transport_sockets/tls/v3/common_pb'
import { RawBufferSchema } from '@mesh/rpc/gen/envoy/extensions/transport_sockets/raw_buffer/v3/raw_buffer_pb'
import {
  UpstreamTlsContextSchema,
  type CommonTlsContext,
  type CommonTlsContextSchema,
} from '@mesh/rpc/gen/envoy/extensions/transport_sockets/tls/v3/tls_pb'
import { pack, unpack } from './any.ts'
import { decodeFile, decodeMeshTls, encodeFile, encodeMeshTls, encodeTlsBase, systemRoots } from './common-tls.ts'
import { TLS_SOCKET } from './downstream-tls.ts'
import type { Init } from './init.ts'
import { decodeStringMatch, encodeStringMatch } from './match.ts'
import { refuse } from './refusal.ts'
import { encodeSecretRef, SYSTEM_SECRET } from './sds.ts'

const RAW_SOCKET = 'envoy.transport_sockets.raw_buffer'
/** Istio's endpoint label that chooses between mesh TLS and plain text. */
const TLS_MODE = { tlsMode: 'istio' }
/** Where nobody is accepted, an empty list would accept everybody in Envoy: this name is nobody's. */
const NOBODY: StringMatch = { kind: 'exact', value: 'spiffe://nobody.invalid/' }

type SocketFields = Pick<Init<typeof ClusterSchema>, 'transportSocket' | 'transportSocketMatches'>

export function encodeUpstreamTls(tls: UpstreamTls | undefined): SocketFields {
  if (tls === undefined) return {}
  const transportSocket = tlsSocket(tls)
  if (tls.mode !== 'auto') return { transportSocket }
  return {
    transportSocketMatches: [
      { name: 'tlsMode-istio', match: TLS_MODE, transportSocket },
      {
        name: 'tlsMode-disabled',
        match: {},
        transportSocket: { name: RAW_SOCKET, configType: { case: 'typedConfig', value: pack(RawBufferSchema, {}) } },
      },
    ],
  }
}

export function decodeUpstreamTls(cluster: Cluster): UpstreamTls | undefined {
  if (cluster.transportSocketMatches.length > 0) return decodeAuto(cluster)
  return cluster.transportSocket === undefined ? undefined : decodeSocket(cluster.transportSocket)
}

/** Istio's automatic mutual TLS is exactly two matches: mesh TLS for `tlsMode: istio`, plain text for the rest. */
function decodeAuto(cluster: Cluster): UpstreamTls | undefined {
  const [first, second, more] = cluster.transportSocketMatches
  if (cluster.transportSocket !== undefined || first === undefined || second === undefined || more !== undefined)
    refuse('transport socket matches other than automatic mutual TLS are not supported')
  const isAuto = first.match?.['tlsMode'] === TLS_MODE.tlsMode && Object.keys(second.match ?? {}).length === 0
  if (!isAuto || first.transportSocket === undefined) refuse(`TransportSocketMatch ${first.name} is not supported`)
  unpack(RawBufferSchema, second.transportSocket?.configType.value)
  const tls = decodeSocket(first.transportSocket)
  return tls?.mode === 'mutual' ? { ...tls, mode: 'auto' } : refuse('automatic mutual TLS needs the mesh identity')
}

function decodeSocket(socket: TransportSocket): UpstreamTls | undefined {
  if (socket.name === RAW_SOCKET) {
    unpack(RawBufferSchema, socket.configType.value)
    return undefined
  }
  const { commonTlsContext: common, sni } = unpack(UpstreamTlsContextSchema, socket.configType.value)
  if (common === undefined) refuse('a TLS context without anything in it')
  const names = decodeMeshTls(common)
  if (names !== undefined) return { mode: 'mutual', sni, alpn: common.alpnProtocols, sans: meshSans(names) }
  return { mode: 'simple', sni, alpn: common.alpnProtocols, ...decodeSimple(common, sni) }
}

/** A list without any name accepts whatever certificate the bundle vouches for; this mesh has no such mode. */
function meshSans(names: readonly StringMatch[]): readonly StringMatch[] {
  if (names.length === 0) refuse('mesh TLS without subject alternative names would accept any workload')
  const [only] = names
  return names.length === 1 && only?.kind === NOBODY.kind && only.value === NOBODY.value ? [] : names
}

function tlsSocket(tls: UpstreamTls): Init<typeof TransportSocketSchema> {
  const commonTlsContext = tls.mode === 'simple' ? encodeSimple(tls) : encodeMeshTls(tls.alpn, tls.sans.length === 0 ? [NOBODY] : tls.sans)
  return {
    name: TLS_SOCKET,
    configType: { case: 'typedConfig', value: pack(UpstreamTlsContextSchema, { commonTlsContext, sni: tls.sni }) },
  }
}

function encodeSimple(tls: UpstreamTls): Init<typeof CommonTlsContextSchema> {
  if (tls.insecureSkipVerify === true) return encodeTlsBase(tls.alpn)
  const sans = tls.sans.length === 0 ? [hostName(tls.sni)] : tls.sans
  const names = { matchTypedSubjectAltNames: sans.map((san) => ({ sanType: sanType(san), matcher: encodeStringMatch(san) })) }
  return {
    ...encodeTlsBase(tls.alpn),
    validationContextType:
      tls.caFile === undefined
        ? {
            case: 'combinedValidationContext',
            value: { defaultValidationContext: names, validationContextSdsSecretConfig: encodeSecretRef(SYSTEM_SECRET) },
          }
        : { case: 'validationContext', value: { ...names, trustedCa: encodeFile(tls.caFile) } },
  }
}

function decodeSimple(common: CommonTlsContext, sni: string): Pick<UpstreamTls, 'sans' | 'caFile' | 'insecureSkipVerify'> {
  if (common.tlsCertificates.length > 0) refuse('client certificates other than the mesh identity are not supported')
  const system = systemRoots(common)
  if (system !== undefined) return { sans: decodeSimpleSans(system, sni) }
  const validation = common.validationContextType.case === 'validationContext' ? common.validationContextType.value : undefined
  if (validation === undefined) return { sans: [], insecureSkipVerify: true }
  const caFile = decodeFile(validation.trustedCa) ?? refuse('server verification without roots is not supported')
  return { sans: decodeSimpleSans(validation, sni), caFile }
}

function decodeSimpleSans(validation: CertificateValidationContext, sni: string): StringMatch[] {
  const sans = validation.matchTypedSubjectAltNames.map((san) => decodeStringMatch(san.matcher))
  if (sans.length === 0) refuse('server verification without subject alternative names would accept any host')
  const [only] = sans
  return sans.length === 1 && only?.kind === 'exact' && only.value === sni && only.ignoreCase !== true ? [] : sans
}

function hostName(sni: string): StringMatch {
  return { kind: 'exact', value: sni }
}

function sanType(san: StringMatch): SubjectAltNameMatcher_SanType {
  return san.value.includes('://') ? SubjectAltNameMatcher_SanType.URI : SubjectAltNameMatcher_SanType.DNS
}
