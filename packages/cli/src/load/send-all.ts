import { Agent, request as requestPlain, type IncomingMessage } from 'node:http'
import { Agent as TlsAgent, request as requestTls } from 'node:https'
import { CLI_LIMITS } from '../limits.ts'

export interface Load {
  readonly url: URL
  readonly method: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly data?: string
  readonly requests: number
  readonly concurrency: number
  readonly rate?: number
  /** Begins no more when it aborts. */
  readonly signal: AbortSignal
}

/** How one request fared: status 0 when there was no whole answer, and then why. */
export interface LoadResult {
  readonly status: number
  readonly tookMs: number
  readonly error?: string
  /** `x-request-id` of an answer that is an error. */
  readonly id?: string
}

/**
 * Sends the requests over kept-alive connections. With a rate each has its moment, and its time counts from that moment on,
 * so that a stall is seen by all whom it made wait.
 */
export async function sendAll(load: Load): Promise<readonly LoadResult[]> {
  const send = sender(load)
  const results: LoadResult[] = []
  const startedMs = performance.now()
  let next = 0
  const work = async (): Promise<void> => {
    while (next < load.requests && !load.signal.aborted) {
      const dueMs = load.rate === undefined ? undefined : startedMs + (next / load.rate) * 1000
      next++
      await untilDue(dueMs)
      results.push(await send.one(dueMs ?? performance.now()))
    }
  }
  await Promise.all(Array.from({ length: Math.min(load.concurrency, load.requests) }, work))
  send.close()
  return results
}

async function untilDue(dueMs: number | undefined): Promise<void> {
  const pauseMs = (dueMs ?? 0) - performance.now()
  if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs))
}

interface Sender {
  one(fromMs: number): Promise<LoadResult>
  close(): void
}

function sender(load: Load): Sender {
  const tls = load.url.protocol === 'https:'
  const agent = new (tls ? TlsAgent : Agent)({ keepAlive: true, maxSockets: load.concurrency })
  const begin = tls ? requestTls : requestPlain
  const headers: Record<string, string | string[]> = {}
  for (const [name, value] of load.headers) headers[name] = [...[headers[name] ?? []].flat(), value]
  const one = (fromMs: number): Promise<LoadResult> =>
    new Promise((resolve) => {
      const done = (part: Omit<LoadResult, 'tookMs'>): void => resolve({ ...part, tookMs: performance.now() - fromMs })
      const request = begin(load.url, { agent, method: load.method, headers, timeout: CLI_LIMITS.loadTimeoutMs }, (answer) =>
        drain(answer, done),
      )
      request.once('timeout', () => request.destroy(new Error(`no answer in ${CLI_LIMITS.loadTimeoutMs / 1000} s`)))
      request.once('error', (error: NodeJS.ErrnoException) => done({ status: 0, error: error.code ?? error.message }))
      request.end(load.data)
    })
  return { one, close: () => agent.destroy() }
}

function drain(answer: IncomingMessage, done: (part: Omit<LoadResult, 'tookMs'>) => void): void {
  const status = answer.statusCode ?? 0
  const id = answer.headers['x-request-id']
  answer.resume()
  answer.once('end', () => done({ status, ...(status >= 400 && typeof id === 'string' ? { id } : {}) }))
  answer.once('error', (error: NodeJS.ErrnoException) => done({ status: 0, error: error.code ?? error.message }))
}
