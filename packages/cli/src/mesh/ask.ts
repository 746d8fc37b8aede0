import type { IncomingMessage } from 'node:http'
import { CLI_LIMITS } from '../limits.ts'
import { CommandFailure, EXIT } from '../output/exit-code.ts'

// Not by import: that loads undici as well.
const { request: begin } = process.getBuiltinModule('node:http')

/** The JSON at a URL of pilot or a proxy. Fails with a sentence that names `whom`. */
export async function askJson(url: string, whom: string): Promise<unknown> {
  const { status, body } = await ask('GET', url, whom)
  if (status === 404) throw new CommandFailure(EXIT.negative, `${whom} has no ${new URL(url).pathname}${new URL(url).search}.`)
  if (status !== 200) throw new CommandFailure(EXIT.unreachable, `${whom} answers ${status} to ${url}.`)
  try {
    return JSON.parse(body) as unknown
  } catch {
    throw new CommandFailure(EXIT.unreachable, `${whom} answers something else than JSON at ${url}.`)
  }
}

/** Asks a proxy to change something. Fails with a sentence that names `whom` when nobody answers. */
export function post(url: string, whom: string): Promise<Answer> {
  return ask('POST', url, whom)
}

interface Answer {
  readonly status: number
  readonly body: string
}

function ask(method: 'GET' | 'POST', url: string, whom: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => reject(new CommandFailure(EXIT.unreachable, `${whom} does not answer at ${url}: ${why}.`))
    const request = begin(url, { method, agent: false }, (response) => read(response, resolve, fail))
    request.setTimeout(CLI_LIMITS.answerTimeoutMs, () => request.destroy(new Error('it takes too long')))
    request.on('error', (error: NodeJS.ErrnoException) => fail(REASONS[error.code ?? ''] ?? error.message))
    request.end()
  })
}

function read(response: IncomingMessage, done: (answer: Answer) => void, fail: (why: string) => void): void {
  const pieces: Buffer[] = []
  let bytes = 0
  response.on('data', (piece: Buffer) => {
    bytes += piece.length
    if (bytes > CLI_LIMITS.maxAnswerBytes) response.destroy(new Error('the answer is too large'))
    else pieces.push(piece)
  })
  response.on('end', () => done({ status: response.statusCode ?? 0, body: Buffer.concat(pieces).toString('utf8') }))
  response.on('error', (error) => fail(error.message))
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection is refused',
  ECONNRESET: 'the connection was reset',
  ETIMEDOUT: 'it takes too long',
  ENOTFOUND: 'there is no such host',
  EHOSTUNREACH: 'there is no way to it',
  EADDRNOTAVAIL: 'this machine has no such address',
}
