import type { ResponseFlag } from '../error/response-flag.ts'
import type { Call } from './call.ts'

/** Notes a response flag once. */
export function addFlag(call: Call, flag: ResponseFlag): void {
  if (!call.flags.includes(flag)) call.flags.push(flag)
}
