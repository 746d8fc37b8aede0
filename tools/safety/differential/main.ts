import { parseArgs } from 'node:util'
import { fateOf, type Outcome } from './judge.ts'
import { FOREIGN } from './peers/foreign.ts'
import { MESH } from './peers/mesh.ts'
import { line, reportOf } from './report.ts'
import { runCases } from './run-cases.ts'
import { describe } from './upstream.ts'

const USAGE = `npm run differential [-- --seed 1] [--cases 10000] [--all]
Sends odd requests of HTTP/1.1 to our proxy and to HAProxy, nginx and Envoy, and compares what their upstreams understood.
npm run differential -- --seed 1 --only 17[,18]
Shows single cases, byte by byte, and what came of them.`

const MOST_SHOWN = 60
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    cases: { type: 'string', default: '10000' },
    only: { type: 'string' },
    all: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

if (values.help) console.log(USAGE)
else process.exitCode = await differential()

async function differential(): Promise<number> {
  const foreign = FOREIGN.filter(({ missing }) => missing === undefined)
  for (const { missing } of FOREIGN) if (missing !== undefined) console.log(`left out: ${missing}`)
  if (foreign.length < 2) {
    console.error('At least two foreign proxies are needed: apt-get install haproxy nginx-light')
    return 1
  }
  const seed = Number(values.seed)
  const indexes = values.only === undefined ? [...Array(Number(values.cases)).keys()] : values.only.split(',').map(Number)
  const started = performance.now()
  const { cases, runs } = await runCases({ peers: [MESH, ...foreign], seed, indexes })
  if (values.only !== undefined)
    for (const [at, one] of cases.entries()) {
      console.log(`${one.class}, ${one.variant}\n${JSON.stringify(one.bytes.toString('latin1'))}`)
      for (const { peer, outcomes } of runs)
        console.log(`  ${peer.padEnd(8)} ${fateOf(one, outcomes[at] as Outcome)}: ${told(outcomes[at] as Outcome)}`)
    }
  const { text, bad } = reportOf(cases, runs, values.all)
  console.log(`${text}\n`)
  for (const found of bad.slice(0, MOST_SHOWN)) console.log(line(found))
  console.log(
    `${cases.length} cases of seed ${seed} in ${((performance.now() - started) / 1000).toFixed(0)} s: ${bad.length} to be mended or explained`,
  )
  return bad.length === 0 ? 0 : 1
}

function told({ seen, requests }: Outcome): string {
  const statuses = seen.replies.map(({ status }) => status).join(' ')
  const upstream = requests.map((request) => [describe(request), request.host, ...request.doubts.map((doubt) => `(${doubt})`)].join(' '))
  return `${seen.end} after ${statuses === '' ? 'nothing' : statuses}; upstream: ${upstream.join(' | ')}`
}
