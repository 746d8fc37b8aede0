import { getCACertificates } from 'node:tls'
import type { Svid, SvidSource } from '@mesh/core/identity'
import { implement, type RpcService, type StreamListener, type StreamWriter } from '@mesh/rpc'
import type {
  DiscoveryRequest,
  DiscoveryRequestSchema,
  DiscoveryResponseSchema,
} from '@mesh/rpc/gen/envoy/service/discovery/v3/discovery_pb'
import { SecretSchema } from '@mesh/rpc/gen/envoy/extensions/transport_sockets/tls/v3/secret_pb'
import { SecretDiscoveryService } from '@mesh/rpc/gen/envoy/service/secret/v3/sds_pb'
import { pack, typeUrlOf } from '../codec/any.ts'
import type { Init } from '../codec/init.ts'
import { BUNDLE_SECRET, SYSTEM_SECRET, WORKLOAD_SECRET } from '../codec/sds.ts'

/**
 * Serves one workload's SVID (`default`), trust bundle (`ROOTCA`) and the public roots (`file-root:system`) to the Envoy beside it, each new one as it comes.
 * It hands out the private key: listen on a place that only that Envoy reaches.
 */
export function createSdsService(source: SvidSource): RpcService {
  return implement(SecretDiscoveryService, { streamSecrets: (writer) => new SecretStream(source, writer) })
}

/** One Envoy's stream: usually one per secret, state of the world. */
class SecretStream implements StreamListener<typeof DiscoveryRequestSchema> {
  readonly #writer: StreamWriter<typeof DiscoveryResponseSchema>
  readonly #stop: () => void
  #svid: Svid | undefined
  #names: ReadonlySet<string> = new Set()
  #nonce = 0

  constructor(source: SvidSource, writer: StreamWriter<typeof DiscoveryResponseSchema>) {
    this.#writer = writer
    this.#stop = source.watch((svid) => {
      this.#svid = svid
      this.#send()
    })
  }

  /** An answer to our response asks for nothing new, unless its names differ. */
  onMessage({ resourceNames, responseNonce }: DiscoveryRequest): void {
    const names = new Set(resourceNames)
    const answers = responseNonce !== '' && names.size === this.#names.size && resourceNames.every((name) => this.#names.has(name))
    this.#names = names
    if (!answers) this.#send()
  }

  onEnd(): void {
    this.#writer.end()
  }

  onClose(): void {
    this.#stop()
  }

  #send(): void {
    if (this.#svid === undefined) return
    const secrets = secretsOf(this.#svid).filter(({ name }) => this.#names.has(name ?? ''))
    if (secrets.length === 0) return
    this.#nonce += 1
    this.#writer.write({
      typeUrl: typeUrlOf(SecretSchema),
      nonce: `${this.#nonce}`,
      versionInfo: `${this.#svid.notBeforeMs}`,
      resources: secrets.map((secret) => pack(SecretSchema, secret)),
    })
  }
}

function secretsOf(svid: Svid): Init<typeof SecretSchema>[] {
  return [
    {
      name: WORKLOAD_SECRET,
      type: { case: 'tlsCertificate', value: { certificateChain: inline(svid.certChainPem), privateKey: inline(svid.privateKeyPem) } },
    },
    { name: BUNDLE_SECRET, type: { case: 'validationContext', value: { trustedCa: inline(svid.rootsPem) } } },
    { name: SYSTEM_SECRET, type: { case: 'validationContext', value: { trustedCa: inline(getCACertificates().join('\n')) } } },
  ]
}

function inline(text: string) {
  return { specifier: { case: 'inlineString', value: text } } as const
}
