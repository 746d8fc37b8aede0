import type { SvidSource, WorkloadIdentity } from '@mesh/core/identity'
import { spiffeId } from '@mesh/core/view'
import { svidFromCa } from './ca-client.ts'
import { keepSvid } from './svid-source.ts'

/** How a process gets its identity. */
export interface IdentitySettings {
  /** `ip:port` of the certificate authority. */
  readonly caAddress: string
  readonly tokenFile: string
  readonly rootFile: string
}

/** Namespace and account of the authority itself. */
const CA = { namespace: 'istio-system', serviceAccount: 'istio-ca' }

/** The SVID of this process from the mesh's certificate authority, kept fresh until it is closed. */
export function startSvidSource(
  options: IdentitySettings & { readonly self: WorkloadIdentity; readonly onProblem: (error: unknown) => void },
): SvidSource {
  const { caAddress, tokenFile, rootFile, self, onProblem } = options
  const caSpiffeId = spiffeId({ trustDomain: self.trustDomain, ...CA })
  return keepSvid({ obtain: svidFromCa({ caAddress, caSpiffeId, tokenFile, rootFile, spiffeId: spiffeId(self) }), onProblem })
}
