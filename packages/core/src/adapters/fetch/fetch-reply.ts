import type { MutableReplyHead } from '../../call/call.ts'
import type { LocalReply } from '../../call/stage.ts'

/** The head of a host's response; edits are kept until the response is handed out. */
export class FetchReply implements MutableReplyHead {
  readonly response: Response
  #headers: Headers | undefined

  constructor(response: Response) {
    this.response = response
  }

  get status(): number {
    return this.response.status
  }

  header(name: string): string | undefined {
    return (this.#headers ?? this.response.headers).get(name) ?? undefined
  }

  set(name: string, value: string): void {
    this.#edit().set(name, value)
  }

  add(name: string, value: string): void {
    this.#edit().append(name, value)
  }

  remove(name: string): void {
    this.#edit().delete(name)
  }

  /** The response as the caller sees it: from the place that it asked for. */
  finish(url: URL, wasRedirected: boolean): Response {
    const { response } = this
    const shown =
      this.#headers === undefined
        ? response
        : new Response(response.body, { status: response.status, statusText: response.statusText, headers: this.#headers })
    return labelled(shown, url, wasRedirected)
  }

  #edit(): Headers {
    return (this.#headers ??= new Headers(this.response.headers))
  }
}

const WITHOUT_BODY: ReadonlySet<number> = new Set([204, 205, 304])

/** The response for a reply made here. */
export function localResponse(reply: LocalReply, url: URL, wasRedirected: boolean): Response {
  const { status } = reply
  const headers = new Headers({ 'content-type': 'text/plain' })
  for (const [name, value] of reply.headers ?? []) headers.append(name, value)
  const known = status >= 200 && status <= 599
  return labelled(new Response(WITHOUT_BODY.has(status) ? null : reply.body, { status: known ? status : 503, headers }), url, wasRedirected)
}

function labelled(response: Response, url: URL, wasRedirected: boolean): Response {
  const shown = new URL(url)
  shown.hash = ''
  Object.defineProperty(response, 'url', { value: shown.href, configurable: true, enumerable: true })
  Object.defineProperty(response, 'redirected', { value: wasRedirected, configurable: true, enumerable: true })
  return response
}
