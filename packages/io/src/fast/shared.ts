import type { Shared } from '../common/shared.ts'
import type { Loop } from './loop.ts'
import type { OpenSsl } from './native/openssl.ts'
import type { AlpnChoice } from './native/tls-session.ts'

/** What all parts of the plug share. */
export interface FastShared extends Shared {
  readonly loop: Loop
  readonly spoilLent: boolean
  readonly ssl: OpenSsl
  readonly alpn: AlpnChoice
}
