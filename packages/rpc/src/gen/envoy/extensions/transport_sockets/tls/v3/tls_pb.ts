// Generated from envoy/extensions/transport_sockets/tls/v3/tls.proto by tools/protobuf/generate.mjs: do not edit.

import { type DescMessage, type Message, boxed, field, list, message, oneof } from '../../../../../../protobuf/index.ts'
import { type CertificateValidationContext, CertificateValidationContextSchema, type TlsCertificate, TlsCertificateSchema, type TlsParameters, TlsParametersSchema } from './common_pb.ts'
import { type SdsSecretConfig, SdsSecretConfigSchema } from './secret_pb.ts'

export interface UpstreamTlsContext extends Message<'envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext'> {
  commonTlsContext?: CommonTlsContext
  sni: string
}

export const UpstreamTlsContextSchema: DescMessage<UpstreamTlsContext> = message('envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext', () => ({
  commonTlsContext: field(1, CommonTlsContextSchema),
  sni: field(2, 'string'),
}))

export interface DownstreamTlsContext extends Message<'envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext'> {
  commonTlsContext?: CommonTlsContext
  requireClientCertificate?: boolean
}

export const DownstreamTlsContextSchema: DescMessage<DownstreamTlsContext> = message('envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext', () => ({
  commonTlsContext: field(1, CommonTlsContextSchema),
  requireClientCertificate: field(2, boxed('bool')),
}))

export interface CommonTlsContext extends Message<'envoy.extensions.transport_sockets.tls.v3.CommonTlsContext'> {
  tlsParams?: TlsParameters
  tlsCertificates: TlsCertificate[]
  tlsCertificateSdsSecretConfigs: SdsSecretConfig[]
  validationContextType: { case: 'validationContext'; value: CertificateValidationContext } | { case: 'combinedValidationContext'; value: CommonTlsContext_CombinedCertificateValidationContext } | { case: undefined; value?: undefined }
  alpnProtocols: string[]
}

export const CommonTlsContextSchema: DescMessage<CommonTlsContext> = message('envoy.extensions.transport_sockets.tls.v3.CommonTlsContext', () => ({
  tlsParams: field(1, TlsParametersSchema),
  tlsCertificates: list(2, TlsCertificateSchema),
  tlsCertificateSdsSecretConfigs: list(6, SdsSecretConfigSchema),
  validationContextType: oneof({ validationContext: field(3, CertificateValidationContextSchema), combinedValidationContext: field(8, CommonTlsContext_CombinedCertificateValidationContextSchema) }),
  alpnProtocols: list(4, 'string'),
}))

export interface CommonTlsContext_CombinedCertificateValidationContext extends Message<'envoy.extensions.transport_sockets.tls.v3.CommonTlsContext.CombinedCertificateValidationContext'> {
  defaultValidationContext?: CertificateValidationContext
  validationContextSdsSecretConfig?: SdsSecretConfig
}

export const CommonTlsContext_CombinedCertificateValidationContextSchema: DescMessage<CommonTlsContext_CombinedCertificateValidationContext> = message('envoy.extensions.transport_sockets.tls.v3.CommonTlsContext.CombinedCertificateValidationContext', () => ({
  defaultValidationContext: field(1, CertificateValidationContextSchema),
  validationContextSdsSecretConfig: field(2, SdsSecretConfigSchema),
}))
