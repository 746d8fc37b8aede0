/** An answer of the admin interface. */
export interface AdminReply {
  readonly status: number
  readonly type: 'text/plain; charset=utf-8' | 'application/json' | 'text/plain; version=0.0.4; charset=utf-8'
  readonly body: string
}

export interface AdminQuery {
  readonly path: string
  readonly query: URLSearchParams
}

/** Reads answer GET and HEAD, changes only POST. */
export interface AdminRoute {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly help: string
  readonly answer: (query: AdminQuery) => AdminReply | Promise<AdminReply>
}

/** A plain-text answer. */
export function text(body: string, status = 200): AdminReply {
  return { status, type: 'text/plain; charset=utf-8', body: body.endsWith('\n') ? body : `${body}\n` }
}

/** A JSON answer, indented for people. */
export function json(value: unknown, status = 200): AdminReply {
  return { status, type: 'application/json', body: `${JSON.stringify(value, undefined, 1)}\n` }
}

/** A JSON answer for programs. */
export function compactJson(value: unknown): AdminReply {
  return { status: 200, type: 'application/json', body: `${JSON.stringify(value)}\n` }
}

/** Prometheus text exposition. */
export function metricsText(body: string): AdminReply {
  return { status: 200, type: 'text/plain; version=0.0.4; charset=utf-8', body }
}
