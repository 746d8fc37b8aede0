import { create } from '@mesh/rpc/protobuf'
import type { StringMatch } from '@mesh/core/view'
import type { DataSource, DataSourceSchema } from '@mesh/rpc/gen/envoy/config/core/v3/base_pb'
import {
  CertificateValidationContextSchema,
  SubjectAltNameMatcher_SanType,
  TlsParameters_TlsProtocol,
  type CertificateValidationContext,
  type SubjectAltNameMatcher,
  type SubjectAltNameMatcherSchema,
  type TlsParameters,
} from '@mesh/rpc/gen/envoy/extensions/transport_sockets/tls/v3/common_pb'
import type { CommonTlsContext, CommonTlsContextSchema } from '@mesh/rpc/gen/envoy/extensions/transport_sockets/tls/v3/tls_pb'
import type { Init } from './init.ts'
import { decodeStringMatch, encodeStringMatch } from './match.ts'
import { refuse } from './refusal.ts'
import { BUNDLE_SECRET, checkSecretRef, encodeSecretRef, SYSTEM_SECRET, WORKLOAD_SECRET } from './sds.ts'

const { TLS_AUTO, TLSv1_2, TLSv1_3 } = TlsParameters_TlsProtocol

/** TLS with the mesh identity: own SVID, the peer against the trust bundle and these URI names. */
export function encodeMeshTls(alpn: readonly string[], sans: readonly StringMatch[]): Init<typeof CommonTlsContextSchema> {
  return {
    ...encodeTlsBase(alpn),
    tlsCertificateSdsSecretConfigs: [encodeSecretRef(WORKLOAD_SECRET)],
    validationContextType: {
      case: 'combinedValidationContext',
      value: {
        defaultValidationContext: { matchTypedSubjectAltNames: sans.map(encodeUriSan) },
        validationContextSdsSecretConfig: encodeSecretRef(BUNDLE_SECRET),
      },
    },
  }
}

/** The peer names of mesh TLS; undefined when this is TLS of another kind. Refuses a mixture of the two. */
export function decodeMeshTls(tls: CommonTlsContext): readonly StringMatch[] | undefined {
  checkTlsVersions(tls.tlsParams)
  const [own, more] = tls.tlsCertificateSdsSecretConfigs
  if (own === undefined && (tls.validationContextType.case !== 'combinedValidationContext' || systemRoots(tls) !== undefined))
    return undefined
  if (own === undefined || more !== undefined || tls.tlsCertificates.length > 0)
    refuse('mesh TLS needs exactly the certificate secret default')
  checkSecretRef(own, WORKLOAD_SECRET)
  if (tls.validationContextType.case !== 'combinedValidationContext') refuse('mesh TLS needs a combined validation context')
  const { defaultValidationContext, validationContextSdsSecretConfig } = tls.validationContextType.value
  if (validationContextSdsSecretConfig === undefined) refuse('mesh TLS needs the trust bundle secret ROOTCA')
  checkSecretRef(validationContextSdsSecretConfig, BUNDLE_SECRET)
  return decodeUriSans(defaultValidationContext)
}

/** What is verified against the machine's own roots; undefined when those are not asked for. */
export function systemRoots({ validationContextType: context }: CommonTlsContext): CertificateValidationContext | undefined {
  if (context.case !== 'combinedValidationContext' || context.value.validationContextSdsSecretConfig?.name !== SYSTEM_SECRET)
    return undefined
  return context.value.defaultValidationContext ?? create(CertificateValidationContextSchema)
}

export function encodeTlsBase(alpn: readonly string[]) {
  return { alpnProtocols: [...alpn], tlsParams: { tlsMinimumProtocolVersion: TLSv1_2 } }
}

export function encodeFile(filename: string): Init<typeof DataSourceSchema> {
  return { specifier: { case: 'filename', value: filename } }
}

export function decodeFile(source: DataSource | undefined): string | undefined {
  const kind = source?.specifier.case
  if (source === undefined || kind === undefined) return undefined
  return kind === 'filename' ? source.specifier.value : refuse('an inline certificate is not supported, only files and secrets')
}

function decodeUriSans(context: CertificateValidationContext | undefined): StringMatch[] {
  if (context?.trustedCa !== undefined) refuse('mesh TLS verifies against the trust bundle alone')
  return (context?.matchTypedSubjectAltNames ?? []).map((san: SubjectAltNameMatcher) => {
    if (san.sanType !== SubjectAltNameMatcher_SanType.URI) refuse('mesh TLS verifies URI names alone')
    return decodeStringMatch(san.matcher)
  })
}

function encodeUriSan(matcher: StringMatch): Init<typeof SubjectAltNameMatcherSchema> {
  return { sanType: SubjectAltNameMatcher_SanType.URI, matcher: encodeStringMatch(matcher) }
}

/** TLS 1.2 and 1.3 are what this mesh speaks; a narrower or wider demand cannot be met. */
export function checkTlsVersions(params: TlsParameters | undefined): void {
  const lowest = params?.tlsMinimumProtocolVersion ?? TLS_AUTO
  const highest = params?.tlsMaximumProtocolVersion ?? TLS_AUTO
  if (lowest !== TLS_AUTO && lowest !== TLSv1_2) refuse(`minimum TLS version ${lowest} is not supported`)
  if (highest !== TLS_AUTO && highest !== TLSv1_3) refuse(`maximum TLS version ${highest} is not supported`)
}
