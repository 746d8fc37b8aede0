import http from 'node:http'
import { ask, type Answer, type Ask } from './http.ts'

/** Sends `count` requests over `lanes` kept-alive connections, in order of their number; every outcome is handed back. */
export async function load(
  count: number,
  lanes: number,
  send: (index: number, agent: http.Agent) => Promise<Answer>,
): Promise<readonly (Answer | Error)[]> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: lanes })
  const outcomes: (Answer | Error)[] = []
  let next = 0
  const lane = async (): Promise<void> => {
    while (next < count) {
      const index = next++
      outcomes[index] = await send(index, agent).catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))))
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  agent.destroy()
  return outcomes
}

/** A load that goes on until it is stopped, for changes under traffic. */
export class Stream {
  readonly outcomes: (Answer | Error)[] = []
  #stopped = false
  readonly #lanes: Promise<void>[]
  readonly #agent: http.Agent

  constructor(url: string, options: Omit<Ask, 'agent'> & { readonly lanes: number }) {
    this.#agent = new http.Agent({ keepAlive: true, maxSockets: options.lanes })
    this.#lanes = Array.from({ length: options.lanes }, async () => {
      while (!this.#stopped) {
        const { lanes: _lanes, ...rest } = options
        this.outcomes.push(await ask(url, { ...rest, agent: this.#agent }).catch((error: unknown) => error as Error))
      }
    })
  }

  async stop(): Promise<readonly (Answer | Error)[]> {
    this.#stopped = true
    await Promise.all(this.#lanes)
    this.#agent.destroy()
    return this.outcomes
  }
}

/** What did not answer as it should: anything but a reply with one of `good`. */
export function failures(outcomes: readonly (Answer | Error)[], good: readonly number[] = [200]): readonly string[] {
  return outcomes.flatMap((outcome) =>
    outcome instanceof Error ? [outcome.message] : good.includes(outcome.status) ? [] : [`${outcome.status} ${outcome.body.slice(0, 200)}`],
  )
}
