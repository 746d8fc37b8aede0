import { Output } from '../h1/output.ts'
import { FLAG, FRAME_HEAD_BYTES } from './protocol.ts'
import { readFrameLength } from './frame-reader.ts'
import type { H2Stream } from './stream.ts'

/** The DATA frame that was written last: as long as it stands in the output and nothing behind it, it can still become the last one of its stream. */
export class LastData {
  #out = NOWHERE
  #start = 0
  #streamId = 0
  #departures: number | undefined

  /** A frame of the stream is about to be written; `departures` counts what has left the output before. */
  begins(out: Output, stream: Pick<H2Stream, 'id'>, departures: number | undefined): void {
    this.#out = out
    this.#start = out.length
    this.#streamId = stream.id
    this.#departures = departures
  }

  /** Makes it the last one of the stream; false: it is none of it, or not there any more. */
  end(stream: Pick<H2Stream, 'id'>, departures: number | undefined): boolean {
    if (departures === undefined || departures !== this.#departures || stream.id !== this.#streamId) return false
    const { bytes, length } = this.#out
    const start = this.#start
    if (start + FRAME_HEAD_BYTES + readFrameLength(bytes, start) !== length) return false
    bytes[start + FLAGS_AT] = FLAG.endStream
    return true
  }
}

const FLAGS_AT = 4
const NOWHERE = new Output(0)
