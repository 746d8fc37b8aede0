import { fileURLToPath } from 'node:url'
import { output } from '../child.ts'
import type { LoadSpec } from '../work.ts'
import type { ExchangeJob, ExchangeResult } from './exchange-main.ts'
import type { Load, LoadRun } from './load.ts'

const MAIN = fileURLToPath(new URL('exchange-main.ts', import.meta.url))

/** Loads that the bench's own client knows how to speak. */
export type Exchanged = Extract<LoadSpec, { readonly kind: 'http' | 'exchange' }>

/** As many exchanges as the connections carry. */
export async function runExchange(load: Exchanged, run: LoadRun): Promise<Load> {
  const { requests, errors, seconds } = await exchange(jobOf(load, run))
  return { requests, errors, seconds }
}

/** Latency at a fixed rate, whatever the proxy answers: counted from when a request was due, in milliseconds. */
export function runOpenLoop(load: Exchanged, run: LoadRun, ratePerSecond: number): Promise<ExchangeResult> {
  return exchange({ ...jobOf(load, run), ratePerSecond })
}

async function exchange(job: ExchangeJob): Promise<ExchangeResult> {
  return JSON.parse(await output([process.execPath, MAIN, JSON.stringify(job)])) as ExchangeResult
}

function jobOf(load: Exchanged, { port, host, seconds }: LoadRun): ExchangeJob {
  const to = { port, seconds, connections: load.connections }
  if (load.kind === 'exchange') return { ...to, request: 'x'.repeat(load.bytes), replyBytes: load.bytes, http: false }
  return { ...to, request: requestText(load.bodyBytes, load.replyBytes, host), replyBytes: load.replyBytes, http: true }
}

/** A request as the upstream of the bench understands it. */
export function requestText(bodyBytes: number, replyBytes: number, host: string): string {
  const body = bodyBytes === 0 ? '' : `Content-Length: ${bodyBytes}\r\n`
  return `${bodyBytes === 0 ? 'GET' : 'POST'} /bytes/${replyBytes} HTTP/1.1\r\nHost: ${host}\r\n${body}\r\n${'x'.repeat(bodyBytes)}`
}
