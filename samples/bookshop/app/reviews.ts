import type { IncomingMessage } from 'node:http'
import { serve, type Reply } from './server.ts'
import { forwarded } from './trace.ts'

interface Ratings {
  readonly ratings?: Readonly<Record<string, number>>
}

const TEXTS = {
  Reviewer1: 'An extremely entertaining play by Shakespeare. The slapstick humour is refreshing!',
  Reviewer2: 'Absolutely fun and entertaining. The play lacks thematic depth when compared to other plays by Shakespeare.',
}
const color = process.env['STAR_COLOR'] ?? 'black'
const withRatings = process.env['RATINGS'] !== 'off'

serve(async (request, url): Promise<Reply> => {
  if (url.pathname === '/health') return { status: 200, body: { status: 'Reviews is healthy' } }
  const id = /^\/reviews\/(\d+)$/.exec(url.pathname)?.[1]
  if (id === undefined) return { status: 404, body: { error: 'try /reviews/0' } }
  const ratings = withRatings ? await ratingsOf(id, request) : undefined
  const reviews = Object.entries(TEXTS).map(([reviewer, text]) => ({
    reviewer,
    text,
    ...(withRatings ? { rating: ratingFor(reviewer, ratings) } : {}),
  }))
  return { status: 200, body: { id, podname: process.env['WORKLOAD_NAME'] ?? 'reviews', clustername: null, reviews } }
})

/** The stars of ratings, or undefined when it does not answer in time (10 s). */
async function ratingsOf(id: string, request: IncomingMessage): Promise<Ratings | undefined> {
  try {
    const reply = await fetch(`http://ratings:9080/ratings/${id}`, {
      headers: forwarded(request.headers),
      signal: AbortSignal.timeout(10_000),
    })
    return reply.ok ? ((await reply.json()) as Ratings) : undefined
  } catch {
    return undefined
  }
}

function ratingFor(reviewer: string, ratings: Ratings | undefined): { stars: number; color: string } | { error: string } {
  const stars = ratings?.ratings?.[reviewer]
  return stars === undefined ? { error: 'Ratings service is currently unavailable' } : { stars, color }
}
