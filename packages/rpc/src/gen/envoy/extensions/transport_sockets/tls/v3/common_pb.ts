// Generated from envoy/extensions/transport_sockets/tls/v3/common.proto by tools/protobuf/generate.mjs: do not edit.

import { type DescMessage, type Message, type UnknownEnum, enumeration, field, list, message } from '../../../../../../protobuf/index.ts'
import { type DataSource, DataSourceSchema } from '../../../../config/core/v3/base_pb.ts'
import { type StringMatcher, StringMatcherSchema } from '../../../../type/matcher/v3/string_pb.ts'

export const TlsParameters_TlsProtocol = {
  TLS_AUTO: 0,
  TLSv1_0: 1,
  TLSv1_1: 2,
  TLSv1_2: 3,
  TLSv1_3: 4,
} as const

export type TlsParameters_TlsProtocol = (typeof TlsParameters_TlsProtocol)[keyof typeof TlsParameters_TlsProtocol] | UnknownEnum

export const SubjectAltNameMatcher_SanType = {
  SAN_TYPE_UNSPECIFIED: 0,
  EMAIL: 1,
  DNS: 2,
  URI: 3,
  IP_ADDRESS: 4,
  OTHER_NAME: 5,
} as const

export type SubjectAltNameMatcher_SanType = (typeof SubjectAltNameMatcher_SanType)[keyof typeof SubjectAltNameMatcher_SanType] | UnknownEnum

export interface TlsParameters extends Message<'envoy.extensions.transport_sockets.tls.v3.TlsParameters'> {
  tlsMinimumProtocolVersion: TlsParameters_TlsProtocol
  tlsMaximumProtocolVersion: TlsParameters_TlsProtocol
}

export const TlsParametersSchema: DescMessage<TlsParameters> = message('envoy.extensions.transport_sockets.tls.v3.TlsParameters', () => ({
  tlsMinimumProtocolVersion: field(1, enumeration(TlsParameters_TlsProtocol)),
  tlsMaximumProtocolVersion: field(2, enumeration(TlsParameters_TlsProtocol)),
}))

export interface TlsCertificate extends Message<'envoy.extensions.transport_sockets.tls.v3.TlsCertificate'> {
  certificateChain?: DataSource
  privateKey?: DataSource
}

export const TlsCertificateSchema: DescMessage<TlsCertificate> = message('envoy.extensions.transport_sockets.tls.v3.TlsCertificate', () => ({
  certificateChain: field(1, DataSourceSchema),
  privateKey: field(2, DataSourceSchema),
}))

export interface SubjectAltNameMatcher extends Message<'envoy.extensions.transport_sockets.tls.v3.SubjectAltNameMatcher'> {
  sanType: SubjectAltNameMatcher_SanType
  matcher?: StringMatcher
}

export const SubjectAltNameMatcherSchema: DescMessage<SubjectAltNameMatcher> = message('envoy.extensions.transport_sockets.tls.v3.SubjectAltNameMatcher', () => ({
  sanType: field(1, enumeration(SubjectAltNameMatcher_SanType)),
  matcher: field(2, StringMatcherSchema),
}))

export interface CertificateValidationContext extends Message<'envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext'> {
  trustedCa?: DataSource
  matchTypedSubjectAltNames: SubjectAltNameMatcher[]
}

export const CertificateValidationContextSchema: DescMessage<CertificateValidationContext> = message('envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext', () => ({
  trustedCa: field(1, DataSourceSchema),
  matchTypedSubjectAltNames: list(15, SubjectAltNameMatcherSchema),
}))
