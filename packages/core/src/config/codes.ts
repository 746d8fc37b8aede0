export type Severity = 'error' | 'warning' | 'info'

/** What becomes of the place that a finding stands on: its object is refused, the place has no effect, or it works. */
export type FindingEffect = 'refused' | 'ignored' | 'works'

export interface CodeEntry {
  readonly severity: Severity
  readonly effect: FindingEffect
  /** Istio's name of the code where it has one. */
  readonly name: string
  /** What the code stands for, one sentence. */
  readonly meaning: string
  /** No configuration should bring it about: it tells of a mistake in this program. */
  readonly internal?: boolean
}

/** Every code that a finding may carry: Istio's where one exists (`IST`), else ours (`MESH`). */
export const FINDING_CODES = {
  IST0002: warning('works', 'Deprecated', 'The field has an old spelling that still works.'),
  IST0101: warning('works', 'ReferencedResourceNotFound', 'The object names another one that does not exist.'),
  IST0106: error('SchemaValidationError', 'The object does not follow the schema of its kind.'),
  IST0107: warning('ignored', 'MisplacedAnnotation', 'The annotation means something, but not on this kind.'),
  IST0108: warning('ignored', 'UnknownAnnotation', 'The annotation looks like one of Istio or of this mesh, and is none.'),
  IST0109: warning('ignored', 'ConflictingMeshGatewayVirtualServiceHosts', 'Two VirtualServices of the mesh claim the same host.'),
  IST0110: warning('works', 'ConflictingSidecarWorkloadSelectors', 'Two Sidecar objects select the same workload.'),
  IST0111: warning(
    'ignored',
    'MultipleSidecarsWithoutWorkloadSelectors',
    'A namespace has several Sidecar objects without a workload selector.',
  ),
  IST0112: warning(
    'works',
    'VirtualServiceDestinationPortSelectorRequired',
    'A destination names no port although its service has several.',
  ),
  IST0116: warning(
    'works',
    'DeploymentAssociatedToMultipleServices',
    'A workload stands behind two services that say different protocols for the same port.',
  ),
  IST0118: info('works', 'PortNameIsNotUnderNamingConvention', 'The name of a service port does not say its protocol.'),
  IST0125: warning('ignored', 'InvalidAnnotation', 'The value of an annotation cannot be understood.'),
  IST0127: warning('works', 'NoMatchingWorkloadsFound', 'A workload selector matches no workload.'),
  IST0128: warning('works', 'NoServerCertificateVerificationDestinationLevel', 'TLS to a destination is not verified.'),
  IST0129: warning('works', 'NoServerCertificateVerificationPortLevel', 'TLS to one port of a destination is not verified.'),
  IST0130: warning('ignored', 'VirtualServiceUnreachableRule', 'A route can never be reached.'),
  IST0131: info('ignored', 'VirtualServiceIneffectiveMatch', 'One match of a route asks for what an earlier route has asked for.'),
  IST0132: warning('ignored', 'VirtualServiceHostNotFoundInGateway', 'A host of a VirtualService is not served by its gateway.'),
  IST0133: warning('works', 'SchemaWarning', 'The object follows its schema, but works otherwise than it reads.'),
  IST0135: info('works', 'DeprecatedAnnotation', 'The annotation is out of use at Istio, and still works here.'),
  IST0145: warning('works', 'ConflictingGateways', 'Two Gateways open the same port of the same workloads for the same host.'),
  IST0162: warning('works', 'GatewayPortNotDefinedOnService', 'A gateway port is not offered by the service of its workloads.'),
  IST0173: warning('works', 'DestinationRuleSubsetNotSelectPods', 'A subset selects no workload.'),
  IST0174: warning('ignored', 'UnknownDestinationRuleHost', 'A DestinationRule is for a host that no service has.'),
  MESH0001: error('Unreadable', 'The file is not readable YAML or JSON.'),
  MESH0002: error('TooLarge', 'The source is larger than its bounds.'),
  MESH0003: info('ignored', 'UnknownKind', 'The kind means nothing to this mesh.'),
  MESH0004: error('NoObject', 'The document is no Kubernetes object.'),
  MESH0005: error('WrittenTwice', 'The same object is written twice.'),
  MESH0006: warning('works', 'LastGoodForm', 'The last good form of the object is in force.'),
  MESH0007: error('PolicyQuarantined', 'A security policy cannot be understood, so what it selects is denied.'),
  MESH0008: error('UnknownVersion', 'The kind is known, but not under this apiVersion.'),
  MESH0009: error('MoreFindings', 'The object has more findings than are told.'),
  MESH0101: warning('ignored', 'NoEffectYet', 'The field is valid Istio, but has no effect here yet.'),
  MESH0102: info('ignored', 'ForeignField', 'The field means nothing to this mesh.'),
  MESH0103: warning('ignored', 'KindWithoutEffectYet', 'The kind is valid Istio, but has no effect here yet.'),
  MESH0201: warning('ignored', 'ListenerLeadsNowhere', 'An egress listener of a Sidecar leads to no service, and is not opened.'),
  MESH0202: warning('refused', 'ServerNotOpened', 'A server of a Gateway is not opened.'),
  MESH0203: warning('ignored', 'LostInMerge', 'A part of a DestinationRule is lost, since an older one for the same host has it too.'),
  MESH0204: warning('works', 'TlsMismatch', 'A DestinationRule sends what the PeerAuthentication of its destination refuses.'),
  MESH0301: error('MeshFileField', 'A field of mesh.yaml is not known.'),
  MESH0302: error('MeshFileValue', 'A value or a name in mesh.yaml cannot be so, or is missing.'),
  MESH0303: error('MeshFileFolder', 'A configuration folder that mesh.yaml names does not exist.'),
  MESH0901: { ...error('NotCompiled', 'The object cannot be compiled, and is left out.'), internal: true },
} as const satisfies Record<string, CodeEntry>

export type FindingCode = keyof typeof FINDING_CODES

function error(name: string, meaning: string): CodeEntry {
  return { severity: 'error', effect: 'refused', name, meaning }
}

function warning(effect: FindingEffect, name: string, meaning: string): CodeEntry {
  return { severity: 'warning', effect, name, meaning }
}

function info(effect: FindingEffect, name: string, meaning: string): CodeEntry {
  return { severity: 'info', effect, name, meaning }
}
