import { parseArgs } from 'node:util'
import { fateOf, type Outcome } from './judge.ts'
import { FOREIGN } from './peers/foreign.ts'
import { MESH } from './peers/mesh.ts'
import type { Peer } from './peers/peer.ts'
import { replyFate } from './replies/judge-reply.ts'
import type { Heard, SeenReply } from './replies/reply-lane.ts'
import { reportReplies } from './replies/report-replies.ts'
import { runReplies } from './replies/run-replies.ts'
import { line, reportOf, type Report } from './report.ts'
import { runCases, type RunOptions } from './run-cases.ts'
import { describe } from './upstream.ts'

const USAGE = `npm run differential [-- --seed 1] [--cases 10000] [--of requests|replies] [--all]
Sends odd requests of HTTP/1.1 to our proxy and to HAProxy, nginx and Envoy, and compares what their upstreams understood; then has upstreams
answer with odd replies, and compares what the callers are told.
npm run differential -- --of replies --seed 1 --only 17[,18]
Shows single cases, byte by byte, and what came of them.`

const MOST_SHOWN = 60
const MOST_BYTES = 2_000
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    cases: { type: 'string', default: '10000' },
    of: { type: 'string' },
    only: { type: 'string' },
    all: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

const HALVES: Readonly<Record<string, (options: RunOptions) => Promise<Report>>> = { requests: ofRequests, replies: ofReplies }

if (values.help) console.log(USAGE)
else process.exitCode = await differential()

async function differential(): Promise<number> {
  const foreign = FOREIGN.filter(({ missing }) => missing === undefined)
  for (const { missing } of FOREIGN) if (missing !== undefined) console.log(`left out: ${missing}`)
  if (foreign.length < 2) {
    console.error('At least two foreign proxies are needed: apt-get install haproxy nginx-light')
    return 1
  }
  const halves = Object.entries(HALVES).filter(([name]) => values.of === undefined || values.of === name)
  if (halves.length === 0 || (values.only !== undefined && halves.length > 1)) {
    console.error('Say which: --of requests or --of replies')
    return 1
  }
  let bad = 0
  for (const [name, run] of halves) bad += await half(name, run, [MESH, ...foreign])
  return bad === 0 ? 0 : 1
}

/** Answers how much is to be mended. */
async function half(name: string, run: (options: RunOptions) => Promise<Report>, peers: readonly Peer[]): Promise<number> {
  const seed = Number(values.seed)
  const indexes = values.only === undefined ? [...Array(Number(values.cases)).keys()] : values.only.split(',').map(Number)
  const started = performance.now()
  const { text, bad } = await run({ peers, seed, indexes })
  console.log(`${text}\n`)
  for (const found of bad.slice(0, MOST_SHOWN)) console.log(line(found))
  const seconds = ((performance.now() - started) / 1000).toFixed(0)
  console.log(`${indexes.length} ${name} of seed ${seed} in ${seconds} s: ${bad.length} to be mended or explained\n`)
  return bad.length
}

async function ofRequests(options: RunOptions): Promise<Report> {
  const { cases, runs } = await runCases(options)
  if (values.only !== undefined)
    for (const [at, one] of cases.entries()) {
      console.log(`${one.class}, ${one.variant}\n${JSON.stringify(one.bytes.toString('latin1'))}`)
      for (const { peer, outcomes } of runs)
        console.log(`  ${peer.padEnd(8)} ${fateOf(one, outcomes[at] as Outcome)}: ${told(outcomes[at] as Outcome)}`)
    }
  return reportOf(cases, runs, values.all)
}

async function ofReplies(options: RunOptions): Promise<Report> {
  const { cases, runs } = await runReplies(options)
  if (values.only !== undefined)
    for (const [at, one] of cases.entries()) {
      console.log(
        `${one.class}, ${one.variant}: ${one.method}, then it ${one.end}\n${JSON.stringify(one.bytes.toString('latin1', 0, MOST_BYTES))}`,
      )
      for (const { peer, seen } of runs) {
        const { odd, last } = seen[at] as SeenReply
        console.log(`  ${peer.padEnd(8)} ${replyFate(seen[at] as SeenReply)}: ${heard(odd)}; then ${heard(last)}`)
      }
    }
  return reportReplies(cases, runs)
}

function heard({ reply, behind, end }: Heard): string {
  const said = reply === undefined ? 'nothing' : `${reply.status} ${reply.framing} ${JSON.stringify(reply.body.slice(0, 60))}`
  const doubts = reply?.doubts.map((doubt) => ` (${doubt})`).join('') ?? ''
  return `${end} after ${said}${doubts}${behind === '' ? '' : ` and ${JSON.stringify(behind.slice(0, 60))}`}`
}

function told({ seen, requests }: Outcome): string {
  const statuses = seen.replies.map(({ status }) => status).join(' ')
  const upstream = requests.map((request) => [describe(request), request.host, ...request.doubts.map((doubt) => `(${doubt})`)].join(' '))
  return `${seen.end} after ${statuses === '' ? 'nothing' : statuses}; upstream: ${upstream.join(' | ')}`
}
