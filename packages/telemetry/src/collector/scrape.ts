import { LIMITS } from '../limits.ts'
import type { Scraped } from './federate.ts'

// Not by import: that loads undici as well.
const { get } = process.getBuiltinModule('node:http')

/** Reads all pages, some at a time, each within a time and a size; resolves with what could be read, never rejects. */
export async function scrapeAll(urls: readonly string[]): Promise<readonly Scraped[]> {
  const pages: Scraped[] = []
  let next = 0
  const work = async (): Promise<void> => {
    for (let index = next++; index < urls.length; index = next++) pages[index] = await scrapePage(urls[index] ?? '')
  }
  await Promise.all(Array.from({ length: Math.min(LIMITS.scrapeParallel, urls.length) }, work))
  return pages
}

async function scrapePage(url: string): Promise<Scraped> {
  const instance = URL.canParse(url) ? new URL(url).host : url
  const text = await readPage(url).catch(() => undefined)
  return { instance, text }
}

function readPage(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent: false, signal: AbortSignal.timeout(LIMITS.scrapeTimeoutMs) }, (reply) => {
      const pieces: Buffer[] = []
      let bytes = 0
      reply.on('error', reject)
      reply.on('data', (piece: Buffer) => {
        bytes += piece.length
        pieces.push(piece)
        if (bytes > LIMITS.scrapeBytes) request.destroy(new Error(`${url} is larger than ${LIMITS.scrapeBytes} bytes`))
      })
      reply.on('end', () => {
        if (reply.statusCode === 200 && reply.complete) resolve(Buffer.concat(pieces).toString())
        else reject(new Error(`${url} answered ${reply.statusCode}`))
      })
    })
    request.on('error', reject)
  })
}
