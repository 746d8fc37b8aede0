import { bodyOf, serve, type Reply } from './server.ts'

/** Stars by reviewer for each product; a PUT to /ratings/ID keeps new ones in memory, for at most 1,000 products. */
const kept = new Map<number, unknown>()
const MAX_PRODUCTS = 1000

serve(async (request, url): Promise<Reply> => {
  if (url.pathname === '/health') return { status: 200, body: { status: 'Ratings is healthy' } }
  const id = Number(/^\/ratings\/(\d+)$/.exec(url.pathname)?.[1] ?? Number.NaN)
  if (Number.isNaN(id)) return { status: 404, body: { error: 'try /ratings/0' } }
  if (request.method === 'PUT' || request.method === 'POST') return keep(id, await bodyOf(request))
  return { status: 200, body: { id, ratings: kept.get(id) ?? { Reviewer1: 5, Reviewer2: 4 } } }
})

function keep(id: number, text: string): Reply {
  if (kept.size >= MAX_PRODUCTS && !kept.has(id)) return { status: 507, body: { error: 'too many products' } }
  try {
    kept.set(id, JSON.parse(text))
  } catch {
    return { status: 400, body: { error: 'please provide valid ratings JSON' } }
  }
  return { status: 200, body: { id, ratings: kept.get(id) } }
}
