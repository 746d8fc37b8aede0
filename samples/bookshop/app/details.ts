import type { IncomingMessage } from 'node:http'
import { serve, type Reply } from './server.ts'
import { forwarded } from './trace.ts'

const BOOK = {
  author: 'William Shakespeare',
  year: 1595,
  type: 'paperback',
  pages: 200,
  publisher: 'PublisherA',
  language: 'English',
  'ISBN-10': '1234567890',
  'ISBN-13': '123-1234567890',
}
/** Where v2 asks for the book; v1 knows it. */
const bookData = process.env['BOOK_DATA_URL']

serve(async (request, url): Promise<Reply> => {
  if (url.pathname === '/health') return { status: 200, body: { status: 'Details is healthy' } }
  const id = /^\/details\/(\d+)$/.exec(url.pathname)?.[1]
  if (id === undefined) return { status: 404, body: { error: 'try /details/0' } }
  const book = bookData === undefined ? BOOK : await lookUp(bookData, request)
  return { status: 200, body: { id: Number(id), ...book } }
})

async function lookUp(bookDataUrl: string, request: IncomingMessage): Promise<Record<string, unknown>> {
  const reply = await fetch(`${bookDataUrl}?q=isbn:0486424618`, { headers: forwarded(request.headers), signal: AbortSignal.timeout(5000) })
  if (!reply.ok) throw new Error(`book data answered ${reply.status}`)
  return (await reply.json()) as Record<string, unknown>
}
