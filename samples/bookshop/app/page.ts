import type { Fetched } from './productpage.ts'

export type Details = Readonly<Record<string, string | number>>

export interface Reviews {
  readonly podname: string
  readonly reviews: readonly {
    readonly reviewer: string
    readonly text: string
    readonly rating?: { readonly stars: number; readonly color: string } | { readonly error: string }
  }[]
}

export interface PageFacts {
  readonly product: { readonly title: string; readonly descriptionHtml: string }
  readonly user: string | undefined
  readonly details: Fetched<Details>
  readonly reviews: Fetched<Reviews>
}

/** The product page as one HTML document without scripts. */
export function page(facts: PageFacts): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(facts.product.title)} · Bookshop</title>
<style>${STYLE}</style>
</head>
<body>
<header><strong>Bookshop</strong>${session(facts.user)}</header>
<main>
<h1>${escape(facts.product.title)}</h1>
<p class="lead">${escape(facts.product.descriptionHtml)}</p>
<div class="columns">
<section aria-labelledby="details"><h2 id="details">Details</h2>${details(facts.details)}</section>
<section aria-labelledby="reviews"><h2 id="reviews">Reviews</h2>${reviews(facts.reviews)}</section>
</div>
</main>
</body>
</html>
`
}

function session(user: string | undefined): string {
  return user === undefined
    ? `<form method="post" action="/login"><label>Name <input name="username" autocomplete="username" required></label><button>Sign in</button></form>`
    : `<form method="post" action="/logout"><span>signed in as <b>${escape(user)}</b></span><button>Sign out</button></form>`
}

function details(fetched: Fetched<Details>): string {
  if (!fetched.ok) return failure('product details', fetched)
  const rows = Object.entries(fetched.body).filter(([key]) => key !== 'id')
  return `<dl>${rows.map(([key, value]) => `<dt>${escape(key)}</dt><dd>${escape(String(value))}</dd>`).join('')}</dl>`
}

function reviews(fetched: Fetched<Reviews>): string {
  if (!fetched.ok) return failure('product reviews', fetched)
  const all = fetched.body.reviews.map(
    (one) =>
      `<figure><blockquote>${escape(one.text)}</blockquote>${rating(one.rating)}<figcaption>${escape(one.reviewer)}</figcaption></figure>`,
  )
  return `${all.join('')}<p class="served">served by ${escape(fetched.body.podname)}</p>`
}

function rating(given: Reviews['reviews'][number]['rating']): string {
  if (given === undefined) return ''
  if ('error' in given) return `<p class="failed">${escape(given.error)}</p>`
  const stars = Math.max(0, Math.min(5, Math.round(given.stars)))
  const color = given.color === 'red' ? 'red' : 'black'
  return `<p class="stars ${color}" role="img" aria-label="${stars} of 5 stars">${'★'.repeat(stars)}<span>${'★'.repeat(5 - stars)}</span></p>`
}

function failure(what: string, fetched: Extract<Fetched<unknown>, { ok: false }>): string {
  return `<p class="failed">Sorry, ${what} are currently unavailable.</p><p class="served">${fetched.status}: ${escape(fetched.reason)}</p>`
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

const STYLE = `
:root { color-scheme: light dark; --line: #8884; --accent: #0b6e4f; --bad: #b3261e; --star: #222; }
@media (prefers-color-scheme: dark) { :root { --accent: #5fd1a8; --bad: #ff8a80; --star: #eee; } }
* { box-sizing: border-box; }
body { margin: 0; font: 16px/1.55 system-ui, sans-serif; }
header { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; justify-content: space-between; padding: .75rem 1.5rem; border-bottom: 1px solid var(--line); }
header strong { color: var(--accent); letter-spacing: .02em; }
header form { display: flex; gap: .75rem; align-items: center; }
input, button { font: inherit; padding: .25rem .6rem; border: 1px solid var(--line); border-radius: .4rem; }
button { cursor: pointer; color: var(--accent); background: transparent; }
main { max-width: 62rem; margin: 0 auto; padding: 1.5rem; }
h1 { margin: .5rem 0 0; font: 600 2.2rem/1.2 Georgia, serif; }
h2 { margin: 0 0 .75rem; font-size: 1rem; text-transform: uppercase; letter-spacing: .08em; color: var(--accent); }
.lead { margin: .25rem 0 2rem; opacity: .8; }
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(18rem, 1fr)); gap: 2.5rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .35rem 1.25rem; margin: 0; }
dt { opacity: .65; } dd { margin: 0; }
figure { margin: 0 0 1.5rem; padding-left: 1rem; border-left: 3px solid var(--line); }
blockquote { margin: 0; font-family: Georgia, serif; }
figcaption { font-size: .9rem; opacity: .65; }
.stars { margin: .25rem 0; letter-spacing: .1em; color: var(--star); } .stars.red { color: #d22; } .stars span { opacity: .2; }
.failed { color: var(--bad); } .served { font: .8rem/1.4 ui-monospace, monospace; opacity: .6; }
`
