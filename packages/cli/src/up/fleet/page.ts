import { get } from 'node:http'
import { MAX_PAGE_BYTES, PAGE_TIMEOUT_MS } from './limits.ts'

/** The JSON of a page of pilot or a proxy; undefined when it cannot be had now. */
export function jsonPage(url: string): Promise<unknown> {
  return new Promise((resolve) => {
    const request = get(url, { agent: false, timeout: PAGE_TIMEOUT_MS }, (reply) => {
      let bytes = 0
      const pieces: Buffer[] = []
      reply.on('data', (piece: Buffer) => {
        bytes += piece.length
        if (bytes > MAX_PAGE_BYTES) request.destroy()
        else pieces.push(piece)
      })
      reply.once('end', () => resolve(reply.statusCode === 200 && reply.complete ? parsed(Buffer.concat(pieces)) : undefined))
      reply.once('error', () => resolve(undefined))
    })
    request.once('timeout', () => request.destroy())
    request.once('error', () => resolve(undefined))
    request.once('close', () => resolve(undefined))
  })
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString())
  } catch {
    return undefined
  }
}
