import { createLogger } from '../log/logger.ts'
import { EXPOSITION_TYPE } from '../metrics/exposition.ts'
import { collectorMetrics, type CollectorMetrics } from './collector-metrics.ts'
import { federate } from './federate.ts'
import { jsonReply, startHttpServer, textReply, type HttpReply, type HttpRequest } from './http-server.ts'
import { readSpans } from './read-spans.ts'
import { scrapeAll } from './scrape.ts'
import type { CollectorSettings } from './settings.ts'
import { SpanStore } from './span-store.ts'
import { scrapeTargets } from './targets.ts'
import { traceQuery } from './trace-query.ts'

/** A running collector: takes spans (Zipkin v2), answers traces, tells all proxies' metrics as one page. */
export interface Collector {
  readonly port: number
  close(): Promise<void>
}

/** Starts the collector; rejects when its address cannot be bound. */
export async function startCollector(settings: CollectorSettings): Promise<Collector> {
  const log = createLogger({ name: 'mesh-telemetry' })
  const store = new SpanStore()
  const metrics = collectorMetrics(store)
  const server = await startHttpServer({
    address: settings.address,
    port: settings.port,
    answer: (request) => answer(request, { settings, store, metrics }),
    onFault: (error) => log.error({ err: error }, 'a request could not be answered'),
  })
  log.info({ address: settings.address, port: server.port }, 'collector is ready')
  return {
    port: server.port,
    async close() {
      metrics.close()
      await server.close()
    },
  }
}

interface Parts {
  readonly settings: CollectorSettings
  readonly store: SpanStore
  readonly metrics: CollectorMetrics
}

async function answer(request: HttpRequest, parts: Parts): Promise<HttpReply> {
  const { method, path } = request
  if (path === '/api/v2/spans' && method === 'POST') return takeSpans(request, parts)
  if (method !== 'GET' && method !== 'HEAD') return textReply(405, 'only GET is allowed here')
  if (path === '/ready' || path === '/health') return textReply(200, 'ready')
  if (path === '/metrics') return { status: 200, type: EXPOSITION_TYPE, body: parts.metrics.expose() }
  if (path === '/federate') return federated(parts.settings)
  if (path === '/api/v2/services') return jsonReply(parts.store.serviceNames())
  if (path === '/api/v2/traces') return findTraces(request, parts.store)
  const [, traceId] = /^\/api\/v2\/trace\/([0-9a-fA-F]{1,32})$/.exec(path) ?? []
  if (traceId !== undefined) return oneTrace(traceId, parts.store)
  return textReply(404, 'try /api/v2/traces, /api/v2/trace/ID, /api/v2/services, /federate, /metrics or /ready')
}

async function takeSpans(request: HttpRequest, { store, metrics }: Parts): Promise<HttpReply> {
  metrics.messages.add()
  const refuse = (status: number, sentence: string): HttpReply => {
    metrics.refused.add()
    return textReply(status, sentence)
  }
  // Browsers send this type to another site only after asking, so no page can post spans unasked.
  if (!/^application\/json\b/i.test(request.header('content-type') ?? '')) return refuse(415, 'send spans as application/json')
  const body = await request.text()
  if (body === undefined) return refuse(413, 'the body is too large or cannot be read')
  const read = readSpans(body)
  if (read.kind === 'refused') return refuse(400, read.reason)
  metrics.spans.add(read.spans.length)
  store.add(read.spans)
  return { status: 202, type: 'text/plain; charset=utf-8', body: '' }
}

async function federated(settings: CollectorSettings): Promise<HttpReply> {
  return { status: 200, type: EXPOSITION_TYPE, body: federate(await scrapeAll(await scrapeTargets(settings))) }
}

function findTraces(request: HttpRequest, store: SpanStore): HttpReply {
  const read = traceQuery(request.query)
  return read.kind === 'refused' ? textReply(400, read.reason) : jsonReply(store.find(read.query))
}

function oneTrace(traceId: string, store: SpanStore): HttpReply {
  const trace = store.trace(traceId)
  return trace === undefined ? textReply(404, `trace ${traceId} is not here`) : jsonReply(trace)
}
