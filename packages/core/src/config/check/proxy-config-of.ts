import { ProxyConfig } from '../kinds/proxy-config.ts'
import { plainValue } from '../read/plain-value.ts'
import { readDocuments } from '../read/read-documents.ts'

/** Where Istio writes the ProxyConfig of one proxy: below the MeshConfig's `defaultConfig`, which it adds to. */
export const PROXY_CONFIG = 'proxy.istio.io/config'

/** The ProxyConfig that the text of that annotation holds; undefined where it holds none. */
export function proxyConfigOf(text: string): ProxyConfig | undefined {
  const read = readDocuments(text)
  const [document, ...more] = read.documents
  if (read.fault !== undefined || document?.fault !== undefined || more.length > 0) return undefined
  const { value, faults } = plainValue(document?.node ?? null, read)
  return faults.length > 0 ? undefined : ProxyConfig.safeParse(value ?? {}).data
}

/** The fields of such a ProxyConfig that are not carried out for one proxy alone. */
export function unreadFields({ gatewayTopology = {}, ...others }: ProxyConfig): readonly string[] {
  const { proxyProtocol: _read, ...topology } = gatewayTopology
  return [...Object.keys(others), ...Object.keys(topology).map((field) => `gatewayTopology.${field}`)]
}
