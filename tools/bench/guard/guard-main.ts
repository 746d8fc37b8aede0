import { parseArgs } from 'node:util'
import { installed } from '../installed.ts'
import { changed, checkoutOf, commitNamed, here, type Checkout } from './checkout.ts'
import { onLoopback, simulated, type GuardRow } from './measure.ts'
import { guardReport, ratioOf, type Measured } from './verdict.ts'

const USAGE = `npm run bench:guard -- [--against COMMIT] [--runs 3] [--limit 1.25] [--simulator]
CPU µs per request of this tree beside those of another commit (HEAD, or the one before it when nothing has changed since), interleaved.
Ends with 1 when a row grew beyond the limit. --simulator leaves out loopback, which needs Linux with wrk.`

const { values } = parseArgs({
  options: {
    against: { type: 'string' },
    runs: { type: 'string', default: '3' },
    limit: { type: 'string', default: '1.25' },
    simulator: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

if (values.help) console.log(USAGE)
else process.exitCode = await guard()

async function guard(): Promise<number> {
  const commit = values.against ?? (changed() ? 'HEAD' : 'HEAD~1')
  const name = commitNamed(commit)
  if (name === undefined) return refused(`git knows no commit ${commit} here: name another one with --against.`)
  if (!(Number.isInteger(Number(values.runs)) && Number(values.runs) > 0))
    return refused(`--runs is ${values.runs}: write a whole number from 1 on.`)
  if (!(Number(values.limit) > 0)) return refused(`--limit is ${values.limit}: write a number above 0.`)
  const before = checkoutOf(name)
  process.once('exit', () => before.remove())
  const rows = [simulated('get', 300_000), simulated('post', 300_000), ...loopback()]
  console.log(`This tree beside ${before.name}, CPU µs per request, the fastest of ${values.runs} runs each:`)
  const measured: Measured[] = []
  for (const row of rows) measured.push(await both(row, before))
  console.log(guardReport(measured))
  const grown = measured.filter((row) => !(ratioOf(row) <= Number(values.limit)))
  for (const { name } of grown) console.error(`${name} grew beyond ${values.limit}.`)
  return grown.length === 0 ? 0 : 1
}

function refused(sentence: string): number {
  console.error(sentence)
  return 2
}

async function both(row: GuardRow, before: Checkout): Promise<Measured> {
  const measured: { name: string; before: number[]; now: number[] } = { name: row.name, before: [], now: [] }
  for (let run = 0; run < Number(values.runs); run++) {
    measured.before.push(await row.micros(before))
    measured.now.push(await row.micros(here()))
  }
  return measured
}

function loopback(): readonly GuardRow[] {
  if (values.simulator) return []
  const missing = ['wrk', 'h2load', 'taskset'].filter((tool) => !installed(tool))
  if (process.platform === 'linux' && missing.length === 0) return [onLoopback('get'), onLoopback('h2-100')]
  console.log(`skipped: loopback (${process.platform === 'linux' ? `${missing.join(' and ')} missing` : 'it needs Linux'})`)
  return []
}
