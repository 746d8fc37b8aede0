import type { TypeRequest } from './request.ts'

/** Which state of the configuration: the content hash of a snapshot may come back, its number does not. */
export interface Stamp {
  readonly snapshot: string
  /** Grows with each snapshot of the server's life; 0 where the server does not count. */
  readonly sequence: number
}

/** A response that was sent. */
export interface Flight {
  readonly nonce: string
  readonly stamp: Stamp
  /** What it holds. */
  readonly names: readonly string[]
  /** Nothing else of its stamp was due when it was sent. */
  readonly whole: boolean
}

/** What a client has answered to the responses of one type. */
export class Acceptance {
  #inFlight: Flight | undefined
  #last: Flight | undefined
  #nonce: string | undefined
  #snapshot: string | undefined
  #sequence = 0
  #error: string | undefined
  #errorSequence = 0
  #refused: readonly string[] = []

  get inFlight(): boolean {
    return this.#inFlight !== undefined
  }

  /** Why the last response was refused. */
  get error(): string | undefined {
    return this.#error
  }

  /** What a refused response held: it goes with the next one, so that accepting that says that all is accepted. */
  get refused(): readonly string[] {
    return this.#refused
  }

  get facts() {
    return {
      sentNonce: this.#last?.nonce ?? '',
      sentSnapshot: this.#last?.stamp.snapshot,
      ackedNonce: this.#nonce,
      ackedSnapshot: this.#snapshot,
      ackedSequence: this.#sequence,
      error: this.#error,
      errorSequence: this.#errorSequence,
    }
  }

  sent(flight: Flight): void {
    this.#inFlight = flight
    this.#last = flight
  }

  /** ACK or NACK; false when the whole request is outdated. */
  answer({ kind, nonce, error }: TypeRequest): boolean {
    const flown = this.#inFlight
    if (nonce === flown?.nonce) {
      this.#inFlight = undefined
      if (error === undefined) this.#acceptFlight(flown)
      else this.#refuse(error)
      return true
    }
    if (error !== undefined && (nonce === this.#last?.nonce || kind === 'delta')) this.#refuse(error)
    return kind === 'delta' || nonce === this.#last?.nonce
  }

  /**
   * What was refused is accepted after all: the client found a way since, and says so of the same response.
   * A state-of-the-world client repeats the nonce for other reasons too; only one that accepts names the version of that response.
   */
  answerLate(request: TypeRequest): void {
    const last = this.#last
    if (last === undefined || this.inFlight || this.#error === undefined || request.error !== undefined || request.nonce !== last.nonce)
      return
    if (request.kind === 'sotw' && request.version !== last.stamp.snapshot) return
    this.#acceptFlight(last)
  }

  /** The client has all of a state, which is known without an answer to it. */
  accept({ snapshot, sequence }: Stamp, whole = true): void {
    this.#snapshot = snapshot
    if (whole) this.#sequence = sequence
  }

  #acceptFlight({ nonce, stamp, whole }: Flight): void {
    this.#nonce = nonce
    this.accept(stamp, whole)
    this.#error = undefined
    this.#refused = []
  }

  #refuse(error: string): void {
    this.#error = error
    this.#errorSequence = this.#last?.stamp.sequence ?? 0
    this.#refused = this.#last?.names ?? []
  }
}
