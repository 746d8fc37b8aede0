import type { DownstreamTls, StringMatch } from '@mesh/core/view'
import type { TransportSocket, TransportSocketSchema } from '@mesh/rpc/gen/envoy/config/core/v3/base_pb'
import {
  DownstreamTlsContextSchema,
  type CommonTlsContext,
  type CommonTlsContextSchema,
} from '@mesh/rpc/gen/envoy/extensions/transport_sockets/tls/v3/tls_pb'
import {
  SubjectAltNameMatcher_SanType,
  type CertificateValidationContextSchema,
} from '@mesh/rpc/gen/envoy/extensions/transport_sockets/tls/v3/common_pb'
import { pack, unpack } from './any.ts'
import { decodeFile, decodeMeshTls, encodeFile, encodeMeshTls, encodeTlsBase } from './common-tls.ts'
import type { Init } from './init.ts'
import { decodeStringMatch } from './match.ts'
import { refuse } from './refusal.ts'

export const TLS_SOCKET = 'envoy.transport_sockets.tls'

export function encodeDownstreamTls(tls: DownstreamTls): Init<typeof TransportSocketSchema> {
  const commonTlsContext = tls.mode === 'mesh' ? encodeMeshTls(tls.alpn, tls.trustDomains.map(domainMatch)) : encodeFiles(tls)
  const context = pack(DownstreamTlsContextSchema, { commonTlsContext, requireClientCertificate: tls.requireClientCert })
  return { name: TLS_SOCKET, configType: { case: 'typedConfig', value: context } }
}

export function decodeDownstreamTls(socket: TransportSocket): DownstreamTls {
  const { commonTlsContext: common, requireClientCertificate } = unpack(DownstreamTlsContextSchema, socket.configType.value)
  if (common === undefined) refuse('a TLS context without certificates')
  const meshNames = decodeMeshTls(common)
  const shared = { alpn: common.alpnProtocols, requireClientCert: requireClientCertificate === true }
  if (meshNames !== undefined) return { mode: 'mesh', ...shared, trustDomains: meshNames.map(domainOf) }
  return { mode: 'file', ...shared, ...decodeFiles(common) }
}

function encodeFiles(tls: DownstreamTls): Init<typeof CommonTlsContextSchema> {
  const certificate = {
    ...(tls.certFile === undefined ? {} : { certificateChain: encodeFile(tls.certFile) }),
    ...(tls.keyFile === undefined ? {} : { privateKey: encodeFile(tls.keyFile) }),
  }
  const validation = encodeValidation(tls)
  return {
    ...encodeTlsBase(tls.alpn),
    ...(Object.keys(certificate).length === 0 ? {} : { tlsCertificates: [certificate] }),
    ...(validation === undefined ? {} : { validationContextType: { case: 'validationContext', value: validation } }),
  }
}

function encodeValidation({ caFile, trustDomains }: DownstreamTls): Init<typeof CertificateValidationContextSchema> | undefined {
  if (caFile === undefined && trustDomains.length === 0) return undefined
  return {
    ...(caFile === undefined ? {} : { trustedCa: encodeFile(caFile) }),
    matchTypedSubjectAltNames: trustDomains.map((domain) => ({
      sanType: SubjectAltNameMatcher_SanType.URI,
      matcher: { matchPattern: { case: 'prefix', value: `spiffe://${domain}/` } },
    })),
  }
}

function decodeFiles(common: CommonTlsContext): Pick<DownstreamTls, 'trustDomains' | 'certFile' | 'keyFile' | 'caFile'> {
  const [certificate, more] = common.tlsCertificates
  if (more !== undefined) refuse('several certificates on one listener chain are not supported')
  const validation = common.validationContextType.case === 'validationContext' ? common.validationContextType.value : undefined
  const certFile = decodeFile(certificate?.certificateChain)
  const keyFile = decodeFile(certificate?.privateKey)
  const caFile = decodeFile(validation?.trustedCa)
  return {
    trustDomains: (validation?.matchTypedSubjectAltNames ?? []).map((san) => domainOf(decodeStringMatch(san.matcher))),
    ...(certFile === undefined ? {} : { certFile }),
    ...(keyFile === undefined ? {} : { keyFile }),
    ...(caFile === undefined ? {} : { caFile }),
  }
}

function domainMatch(trustDomain: string): StringMatch {
  return { kind: 'prefix', value: `spiffe://${trustDomain}/` }
}

function domainOf(match: StringMatch): string {
  const domain = match.kind === 'prefix' && match.ignoreCase !== true ? /^spiffe:\/\/([^/]+)\/$/.exec(match.value)?.[1] : undefined
  return domain ?? refuse(`client names are matched by trust domain alone, not by ${match.kind} ${match.value}`)
}
