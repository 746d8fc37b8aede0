import type { MutableReplyHead } from './call.ts'
import { PlainHeaders } from './plain-headers.ts'

/** A reply head over plain values, for hosts that have no bytes. */
export class PlainReply extends PlainHeaders implements MutableReplyHead {
  readonly status: number

  constructor(status: number, headers: Iterable<readonly [name: string, value: string]> = []) {
    super(headers)
    this.status = status
  }
}
