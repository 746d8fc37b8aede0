// Generated from istio/v1/auth/ca.proto by tools/protobuf/generate.mjs: do not edit.

import { type DescMessage, type JsonObject, type Message, field, list, message, service, struct } from '../../../../protobuf/index.ts'

export interface IstioCertificateRequest extends Message<'istio.v1.auth.IstioCertificateRequest'> {
  csr: string
  validityDuration: bigint
  metadata?: JsonObject
}

export const IstioCertificateRequestSchema: DescMessage<IstioCertificateRequest> = message('istio.v1.auth.IstioCertificateRequest', () => ({
  csr: field(1, 'string'),
  validityDuration: field(3, 'int64'),
  metadata: field(4, struct()),
}))

export interface IstioCertificateResponse extends Message<'istio.v1.auth.IstioCertificateResponse'> {
  certChain: string[]
}

export const IstioCertificateResponseSchema: DescMessage<IstioCertificateResponse> = message('istio.v1.auth.IstioCertificateResponse', () => ({
  certChain: list(1, 'string'),
}))

export const IstioCertificateService = service('istio.v1.auth.IstioCertificateService', {
  createCertificate: { methodKind: 'unary', input: IstioCertificateRequestSchema, output: IstioCertificateResponseSchema },
})
