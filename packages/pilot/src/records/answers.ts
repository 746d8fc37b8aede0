import type { ClientStatus, ResourceType, TypeStatus } from '@mesh/xds'
import type { AnswerEvent } from './pilot-event.ts'

/** Reads from the states of one client what was sent to it and what it answered. */
export class Answers {
  readonly #node: string
  readonly #sent = new Map<ResourceType, Sent>()
  readonly #nonces = new Map<ResourceType, string>()

  constructor(node: string) {
    this.#node = node
  }

  /** What has happened since the last state. */
  *take({ types }: ClientStatus, atMs: number): Generator<AnswerEvent> {
    for (const type of types) {
      const answer = this.#answerTo(type, atMs)
      if (answer !== undefined) yield answer
      if (type.sentNonce !== '' && this.#nonces.get(type.type) !== type.sentNonce) yield this.#send(type, atMs)
    }
  }

  #send({ type, sentNonce: nonce, sentSnapshot, resources }: TypeStatus, atMs: number): AnswerEvent {
    const snapshot = sentSnapshot === undefined ? {} : { snapshot: sentSnapshot }
    this.#sent.set(type, { nonce, atMs, ...snapshot })
    this.#nonces.set(type, nonce)
    return { kind: 'sent', atMs, node: this.#node, type, nonce, ...snapshot, resources }
  }

  /** A response that was outstanding is answered when its nonce is acknowledged, or when there is an error and nothing outstanding. */
  #answerTo(status: TypeStatus, atMs: number): AnswerEvent | undefined {
    const { type, ackedNonce, error, state, sentNonce } = status
    const sent = this.#sent.get(type)
    if (sent === undefined) return undefined
    const { nonce, snapshot } = sent
    const event = { atMs, node: this.#node, type, nonce, ...(snapshot === undefined ? {} : { snapshot }), ms: atMs - sent.atMs }
    if (ackedNonce === nonce) {
      this.#sent.delete(type)
      return { kind: 'ack', ...event }
    }
    if (error === undefined || (state !== 'ERROR' && sentNonce === nonce)) return undefined
    this.#sent.delete(type)
    return { kind: 'nack', ...event, reason: error }
  }
}

interface Sent {
  readonly nonce: string
  readonly atMs: number
  readonly snapshot?: string
}
