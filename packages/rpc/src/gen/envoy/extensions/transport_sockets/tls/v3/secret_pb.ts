// Generated from envoy/extensions/transport_sockets/tls/v3/secret.proto by tools/protobuf/generate.mjs: do not edit.

import { type DescMessage, type Message, field, message, oneof } from '../../../../../../protobuf/index.ts'
import { type ConfigSource, ConfigSourceSchema } from '../../../../config/core/v3/config_source_pb.ts'
import { type CertificateValidationContext, CertificateValidationContextSchema, type TlsCertificate, TlsCertificateSchema } from './common_pb.ts'

export interface SdsSecretConfig extends Message<'envoy.extensions.transport_sockets.tls.v3.SdsSecretConfig'> {
  name: string
  sdsConfig?: ConfigSource
}

export const SdsSecretConfigSchema: DescMessage<SdsSecretConfig> = message('envoy.extensions.transport_sockets.tls.v3.SdsSecretConfig', () => ({
  name: field(1, 'string'),
  sdsConfig: field(2, ConfigSourceSchema),
}))

export interface Secret extends Message<'envoy.extensions.transport_sockets.tls.v3.Secret'> {
  name: string
  type: { case: 'tlsCertificate'; value: TlsCertificate } | { case: 'validationContext'; value: CertificateValidationContext } | { case: undefined; value?: undefined }
}

export const SecretSchema: DescMessage<Secret> = message('envoy.extensions.transport_sockets.tls.v3.Secret', () => ({
  name: field(1, 'string'),
  type: oneof({ tlsCertificate: field(2, TlsCertificateSchema), validationContext: field(4, CertificateValidationContextSchema) }),
}))
