import type { Severity } from './finding.ts'

interface CodeEntry {
  readonly severity: Severity
  /** What the code stands for, one sentence. */
  readonly meaning: string
}

/** Every code that a finding may carry: Istio's where one exists (`IST`), else ours (`MESH`). */
export const FINDING_CODES = {
  IST0002: { severity: 'warning', meaning: 'The field has an old spelling that still works.' },
  IST0101: { severity: 'warning', meaning: 'The object names another one that does not exist.' },
  IST0104: { severity: 'warning', meaning: 'A gateway port is not offered by the workloads that it selects.' },
  IST0106: { severity: 'error', meaning: 'The object does not follow the schema of its kind.' },
  IST0109: { severity: 'warning', meaning: 'Two VirtualServices of the mesh claim the same host.' },
  IST0110: { severity: 'warning', meaning: 'Two Sidecar objects select the same workload.' },
  IST0111: { severity: 'warning', meaning: 'A namespace has several Sidecar objects without a workload selector.' },
  IST0112: { severity: 'warning', meaning: 'A destination names no port although its service has several.' },
  IST0118: { severity: 'info', meaning: 'The name of a service port does not say its protocol.' },
  IST0127: { severity: 'warning', meaning: 'A workload selector matches no workload.' },
  IST0128: { severity: 'warning', meaning: 'TLS to a destination is not verified.' },
  IST0130: { severity: 'warning', meaning: 'A route can never be reached.' },
  IST0132: { severity: 'warning', meaning: 'A host of a VirtualService is not served by its gateway.' },
  IST0133: { severity: 'warning', meaning: 'The object follows its schema, but works otherwise than it reads.' },
  IST0173: { severity: 'warning', meaning: 'A subset selects no workload.' },
  MESH0001: { severity: 'error', meaning: 'The file is not readable YAML or JSON.' },
  MESH0002: { severity: 'error', meaning: 'The source is larger than its bounds.' },
  MESH0003: { severity: 'info', meaning: 'The kind means nothing to this mesh.' },
  MESH0004: { severity: 'error', meaning: 'The document is no Kubernetes object.' },
  MESH0005: { severity: 'error', meaning: 'The same object is written twice.' },
  MESH0006: { severity: 'warning', meaning: 'The last good form of the object is in force.' },
  MESH0007: { severity: 'error', meaning: 'A security policy cannot be understood, so what it selects is denied.' },
  MESH0008: { severity: 'error', meaning: 'The kind is known, but not under this apiVersion.' },
  MESH0009: { severity: 'error', meaning: 'The object has more findings than are told.' },
  MESH0101: { severity: 'warning', meaning: 'The field is valid Istio, but has no effect here yet.' },
  MESH0102: { severity: 'info', meaning: 'The field means nothing to this mesh.' },
  MESH0103: { severity: 'warning', meaning: 'The kind is valid Istio, but has no effect here yet.' },
  MESH0201: { severity: 'warning', meaning: 'An egress listener of a Sidecar leads to no service, and is not opened.' },
  MESH0202: { severity: 'warning', meaning: 'A server of a Gateway is not opened.' },
  MESH0203: { severity: 'warning', meaning: 'A part of a DestinationRule is lost, since an older one for the same host has it too.' },
  MESH0901: { severity: 'error', meaning: 'The object cannot be compiled, and is left out.' },
} as const satisfies Record<string, CodeEntry>

export type FindingCode = keyof typeof FINDING_CODES
