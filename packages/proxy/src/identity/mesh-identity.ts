import type { Svid, SvidSource } from '@mesh/core/identity'
import type { Io, TlsContext } from '@mesh/io'

/** The SVID in force as a TLS context, for both directions. */
export interface MeshIdentity {
  /** Undefined until the first SVID came, and always without a certificate authority. */
  readonly current: CurrentIdentity | undefined
  close(): void
}

export interface CurrentIdentity {
  readonly svid: Svid
  readonly context: TlsContext
  /** Grows when the trusted roots change; a renewal alone leaves it, and with it live connections. */
  readonly trustGeneration: number
}

export interface MeshIdentityOptions {
  readonly io: Io
  readonly source: SvidSource | undefined
  readonly onChange: (identity: CurrentIdentity, trustChanged: boolean) => void
  /** An SVID that makes no TLS context; the one before stays. */
  readonly onProblem: (error: unknown) => void
}

/** Follows an SVID source. */
export function followIdentity(options: MeshIdentityOptions): MeshIdentity {
  let current: CurrentIdentity | undefined
  const adopt = (svid: Svid): void => {
    try {
      const context = options.io.tlsContext({
        certChainPem: svid.certChainPem,
        privateKeyPem: svid.privateKeyPem,
        rootsPem: svid.rootsPem,
      })
      const trustChanged = current !== undefined && current.svid.rootsPem !== svid.rootsPem
      current = { svid, context, trustGeneration: (current?.trustGeneration ?? 0) + (trustChanged ? 1 : 0) }
      options.onChange(current, trustChanged)
    } catch (error) {
      options.onProblem(error)
    }
  }
  const stop = options.source?.watch(adopt)
  return {
    get current() {
      return current
    },
    close: () => stop?.(),
  }
}
