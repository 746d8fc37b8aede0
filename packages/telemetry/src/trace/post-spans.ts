import { LIMITS } from '../limits.ts'
import type { ZipkinSpan } from './zipkin-span.ts'

// Not by import: that loads undici as well.
const { Agent, request } = process.getBuiltinModule('node:http')

/** A collector's address. */
export interface SpanTarget {
  /** IP literal or name. */
  readonly address: string
  readonly port: number
  /** `/api/v2/spans` when absent. */
  readonly path?: string
}

export type PostOutcome = { readonly kind: 'sent' } | { readonly kind: 'failed'; readonly message: string }

const AGENT = new Agent({ keepAlive: true, maxSockets: 2, maxFreeSockets: 1 })

/** Posts spans as JSON; resolves with the outcome, never rejects. */
export async function postSpans(target: SpanTarget, spans: readonly ZipkinSpan[]): Promise<PostOutcome> {
  try {
    return await post(target, spans)
  } catch (error) {
    return { kind: 'failed', message: `Spans could not be sent: ${error instanceof Error ? error.message : String(error)}` }
  }
}

function post(target: SpanTarget, spans: readonly ZipkinSpan[]): Promise<PostOutcome> {
  const body = Buffer.from(JSON.stringify(spans))
  const { address, port, path = '/api/v2/spans' } = target
  const where = `http://${address.includes(':') ? `[${address}]` : address}:${port}${path}`
  return new Promise((resolve) => {
    const fail = (message: string): void => resolve({ kind: 'failed', message: `Spans could not be sent to ${where}: ${message}` })
    const outgoing = request(
      {
        host: address,
        port,
        path,
        method: 'POST',
        agent: AGENT,
        signal: AbortSignal.timeout(LIMITS.spanTimeoutMs),
        headers: { 'content-type': 'application/json', 'content-length': body.length },
      },
      (reply) => {
        const { statusCode = 0 } = reply
        reply.on('error', (error) => fail(error.message))
        reply.on('end', () => (statusCode >= 200 && statusCode < 300 ? resolve({ kind: 'sent' }) : fail(`it answered ${statusCode}`)))
        reply.resume()
      },
    )
    outgoing.on('error', (error) => fail(error.message))
    outgoing.end(body)
  })
}
