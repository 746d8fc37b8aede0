import http from 'node:http'

export interface Answer {
  readonly status: number
  readonly headers: http.IncomingHttpHeaders
  readonly body: string
}

export interface Ask {
  readonly method?: string
  readonly headers?: Record<string, string>
  readonly body?: string
  /** Forward proxy to send the absolute URL to. */
  readonly proxy?: string
  readonly agent?: http.Agent
  readonly timeoutMs?: number
}

/** One request by node:http, an independent client; rejects when no complete answer comes. */
export function ask(url: string, options: Ask = {}): Promise<Answer> {
  const target = new URL(url)
  const hop = new URL(options.proxy ?? url)
  return new Promise((resolve, reject) => {
    const request = http.request(
      {
        host: hop.hostname,
        port: hop.port === '' ? 80 : hop.port,
        path: options.proxy === undefined ? target.pathname + target.search : url,
        method: options.method ?? 'GET',
        headers: { host: target.host, ...options.headers },
        ...(options.agent === undefined ? {} : { agent: options.agent }),
      },
      (reply) => collect(reply, resolve, reject),
    )
    request.setTimeout(options.timeoutMs ?? 30_000, () => request.destroy(new Error(`no answer from ${url} in time`)))
    request.on('error', reject)
    request.end(options.body)
  })
}

function collect(reply: http.IncomingMessage, resolve: (answer: Answer) => void, reject: (error: Error) => void): void {
  const pieces: Buffer[] = []
  reply.on('data', (piece: Buffer) => pieces.push(piece))
  reply.on('end', () =>
    reply.complete
      ? resolve({ status: reply.statusCode ?? 0, headers: reply.headers, body: Buffer.concat(pieces).toString() })
      : reject(new Error('the reply ended early')),
  )
  reply.on('error', reject)
}

/** The JSON of a debug or admin page. */
export async function askJson<T>(url: string): Promise<T> {
  const answer = await ask(url)
  if (answer.status !== 200) throw new Error(`${url} answered ${answer.status}: ${answer.body}`)
  return JSON.parse(answer.body) as T
}
