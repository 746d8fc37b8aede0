import type { H2Limits } from '../limits.ts'
import { FRAME, h2Fault, type H2Fault } from './protocol.ts'

/** Tells who floods a connection with frames that cost it more than them (CVE-2019-9511 and its kin, CVE-2023-44487). */
export class FloodGuard {
  readonly #limits: H2Limits
  /** Control frames that the peer may still send; they come back with time. */
  #credit: number
  #creditAtMs: number
  #streams = 0
  #takenBack = 0

  constructor(limits: H2Limits, nowMs: number) {
    this.#limits = limits
    this.#credit = limits.controlFrames
    this.#creditAtMs = nowMs
  }

  /** A frame of a type that carries no message, or one with nothing in it. */
  onControlFrame(type: number, nowMs: number): H2Fault | undefined {
    const { controlFrames, controlFramesPerSecond } = this.#limits
    if (nowMs > this.#creditAtMs) {
      this.#credit = Math.min(controlFrames, this.#credit + ((nowMs - this.#creditAtMs) * controlFramesPerSecond) / 1000)
      this.#creditAtMs = nowMs
    }
    if (--this.#credit >= 0) return undefined
    return h2Fault('ENHANCE_YOUR_CALM', `The peer sends ${NAMES.get(type) ?? 'control'} frames without end.`)
  }

  /** Frames that carry something, either way, earn some of the small ones that belong to them: who takes a body opens windows. */
  onPayload(): void {
    this.#credit = Math.min(this.#limits.controlFrames, this.#credit + CREDIT_PER_PAYLOAD)
  }

  onStream(): void {
    this.#credit = Math.min(this.#limits.controlFrames, this.#credit + CREDIT_PER_PAYLOAD)
    this.#streams++
  }

  /** The peer takes back a stream that was not answered, or makes us do so. */
  onTakenBack(): H2Fault | undefined {
    const { resetSample } = this.#limits
    this.#takenBack++
    if (this.#streams >= resetSample) {
      this.#streams /= 2
      this.#takenBack /= 2
    }
    if (this.#takenBack <= resetSample / 2) return undefined
    return h2Fault('ENHANCE_YOUR_CALM', 'The peer opens streams only to reset them.')
  }
}

/** WINDOW_UPDATE frames above all: Envoy lets ten pass for each DATA frame sent. */
const CREDIT_PER_PAYLOAD = 10

const NAMES: ReadonlyMap<number, string> = new Map(Object.entries(FRAME).map(([name, type]) => [type, name]))
