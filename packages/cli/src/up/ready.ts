import net from 'node:net'
import { MAX_PROBE_BYTES, PROBE_TIMEOUT_MS, READY_POLL_MAX_MS, READY_POLL_MS } from './limits.ts'

/** Asks again until the fact holds or `signal` aborts; answers whether it holds. */
export async function until(holds: () => Promise<boolean>, signal: AbortSignal): Promise<boolean> {
  for (let pauseMs = READY_POLL_MS; !signal.aborted; pauseMs = Math.min(pauseMs * 1.3, READY_POLL_MAX_MS)) {
    if (await holds()) return true
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
  return false
}

/** Whether somebody accepts connections there. */
export function accepts(host: string, port: number): Promise<boolean> {
  return probe(host, port, (socket, done) => void socket.once('connect', () => done(true)))
}

/** Whether a GET answers 200; asked by hand, for it is asked often while everything starts at once. */
export function answers(url: string): Promise<boolean> {
  const { hostname, port, pathname, host } = new URL(url)
  return probe(hostname, Number(port), (socket, done) => {
    socket.once('connect', () => socket.write(`GET ${pathname} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`))
    socket.once('data', (head: Buffer) => done(head.subarray(0, 16).toString('latin1').startsWith('HTTP/1.1 200 ')))
  })
}

function probe(host: string, port: number, begin: (socket: net.Socket, done: (answer: boolean) => void) => void): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect({ host, port, timeout: PROBE_TIMEOUT_MS })
    const done = (answer: boolean): void => {
      socket.destroy()
      resolve(answer)
    }
    for (const ending of ['error', 'timeout', 'end', 'close']) socket.once(ending, () => done(false))
    begin(socket, done)
  })
}

/** The body of a page, undefined unless it answers 200 in time and within bounds. */
export async function get(url: string, maxBytes = MAX_PROBE_BYTES): Promise<string | undefined> {
  const page = await read(url, maxBytes)
  return page?.status === 200 ? page.body : undefined
}

/** A page with whatever status, undefined unless it answers in time and within bounds. */
export async function read(
  url: string,
  maxBytes = MAX_PROBE_BYTES,
): Promise<{ readonly status: number; readonly body: string } | undefined> {
  // Not by import: that loads undici as well.
  const http = process.getBuiltinModule('node:http')
  return new Promise((resolve) => {
    const request = http.get(url, { agent: false, timeout: PROBE_TIMEOUT_MS }, (reply) => {
      let body = ''
      reply.setEncoding('utf8')
      reply.on('data', (piece: string) => {
        body += piece
        if (body.length > maxBytes) request.destroy()
      })
      reply.once('end', () => resolve(reply.complete ? { status: reply.statusCode ?? 0, body } : undefined))
      reply.once('error', () => resolve(undefined))
    })
    request.once('timeout', () => request.destroy())
    request.once('error', () => resolve(undefined))
    request.once('close', () => resolve(undefined))
  })
}
