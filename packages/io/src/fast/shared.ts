import type { Shared } from '../common/shared.ts'
import type { Loop } from './loop.ts'
import type { Descriptors } from './native/descriptors.ts'
import type { OpenSsl } from './native/openssl.ts'
import type { AlpnChoice } from './native/tls-session.ts'
import type { Straight } from './straight.ts'

/** What all parts of the plug share. */
export interface FastShared extends Shared {
  readonly loop: Loop
  readonly descriptors: Descriptors
  readonly spoilLent: boolean
  readonly ssl: OpenSsl
  readonly alpn: AlpnChoice
  readonly straight: Straight
}
